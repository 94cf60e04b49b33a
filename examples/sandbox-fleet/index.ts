import * as pulumi from "@pulumi/pulumi";
import { deploy } from "pulumi-mags/constructs/pulumi";
import { sandboxes } from "./app";

const config = new pulumi.Config();
const { app, fleet } = sandboxes({ protectData: config.getBoolean("protectData") ?? true });
const deployed = deploy(app);

/** The name that `mags ssh` takes, of each. */
export const names = Object.fromEntries(
  [...fleet.sandboxes].map(([id, sandbox]) => [id, deployed.output(sandbox.name)]),
);
