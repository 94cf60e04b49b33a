import * as pulumi from "@pulumi/pulumi";
import { App, SandboxFleet, Size, Stack } from "pulumi-mags/constructs";
import { deploy } from "pulumi-mags/constructs/pulumi";

const config = new pulumi.Config();

/** How many there are of each size. */
const COUNTS = { small: 30, medium: 15, large: 5 };

const app = new App();
const fleet = new SandboxFleet(new Stack(app, "fleet"), "boxes", {
  members: Object.entries(COUNTS).flatMap(([size, count]) =>
    Array.from({ length: count }, (_, index) => ({ id: `${size}-${index + 1}`, size })),
  ),
  sizes: {
    small: { memory: Size.gibibytes(1) },
    medium: { memory: Size.gibibytes(4), disk: Size.gibibytes(8) },
    large: { memory: Size.gibibytes(8), disk: Size.gibibytes(32), noSleep: true },
  },
  // Whoever leaves the list loses the VM; the files stay until this is turned off.
  sandbox: { deletionProtection: config.getBoolean("protectData") ?? true },
});

const deployed = deploy(app);

/** The name that `mags ssh` takes, of each. */
export const names = Object.fromEntries(
  [...fleet.sandboxes].map(([id, sandbox]) => [id, deployed.output(sandbox.name)]),
);
