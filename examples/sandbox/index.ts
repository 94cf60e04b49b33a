import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

/** One line per team: a pull request that adds or changes one shows exactly that in its plan. */
const teams: Record<string, mags.SandboxArgs> = {
  search: { diskGb: 8 },
  billing: { noSleep: true },
  design: { rootfsType: "claude", idleTimeout: 60 },
};

// A VM to work in, with a workspace of the same name that keeps its files: what `mags new NAME -p` gives.
const boxes = Object.entries(teams).map(
  ([team, settings]) =>
    new mags.Sandbox(team, {
      ...settings,
      environment: { TEAM: team },
      deletionProtection: config.getBoolean("protectData") ?? true,
    }),
);

// On its local disk only: `mags new NAME`. No edit may lose its files, unless allowDataLoss says so.
const scratch = new mags.Sandbox("scratch", { persistent: false });

export const names = boxes.map((box) => box.name);
export const scratchName = scratch.name;
