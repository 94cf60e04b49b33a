/**
 * Deploys constructs: inside a Pulumi program, an app becomes components and resources.
 *
 * @packageDocumentation
 */
export { deploy, type DeployOptions } from "./deploy";
export type { Deployment, HasResource, ResourceOf } from "./deployment";
