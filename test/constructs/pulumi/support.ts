import type { App, Stack } from "../../../constructs";
import { deploy, type DeployOptions, type Deployment } from "../../../constructs/pulumi";
import { runProgram, type ProgramOptions, type Registered } from "../../support/pulumi-program";
import { appOf } from "../support";

export async function deployed(
  build: (stack: Stack, app: App) => void,
  options: ProgramOptions & { deploy?: () => DeployOptions } = {},
) {
  const { result, resources } = await runProgram<Deployment>(
    () => deploy(appOf(build), options.deploy?.()),
    options,
  );
  const find = (name: string, type: string) => {
    const found = resources.filter((one) => one.name === name && one.type.endsWith(`:${type}`));
    if (found.length !== 1) throw new Error(`${found.length} of ${type} ${name}: ${listed(resources)}`);
    return found[0]!;
  };
  return {
    result,
    resources,
    leaf: (name: string, kind: string) => find(name, `dynamic/mags:${kind}`.replace(/^.*mags/, "mags")),
    component: (name: string) => resources.find((one) => one.name === name && isComponent(one))!,
    at: (name: string) => resources.find((one) => one.name === name && !isComponent(one))!,
  };
}

export const isComponent = ({ type }: Registered) => type.startsWith("mags:constructs:");
const listed = (resources: Registered[]) => resources.map(({ name, type }) => `${type} ${name}`).join(", ");
export const urn = (...chain: string[]) =>
  `urn:pulumi:dev::shop::${chain
    .slice(0, -1)
    .map((type) => (type.includes(":") ? type : `mags:constructs:${type}`))
    .join("$")}::${chain.at(-1)}`;
/** Runs a program that has to fail, and shows what it registered. */
export async function failing(program: () => unknown): Promise<{ error: Error; resources: Registered[] }> {
  let error: unknown;
  const { resources } = await runProgram(() => {
    try {
      program();
    } catch (thrown) {
      error = thrown;
    }
  });
  if (!(error instanceof Error)) throw new Error("nothing was thrown");
  return { error, resources };
}
