import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

// A provider is another account. It sees its own arguments only, nothing of the stack's configuration, and keeps
// nothing of its token in the state: that is in the environment variable named here, at the time of each run.
const staging = new mags.Provider("staging", {
  apiTokenEnv: "STAGING_MAGS_TOKEN",
  account: "staging",
  namespace: `${pulumi.getProject()}-${pulumi.getStack()}`,
});

const settings: mags.JobArgs = {
  environment: { LEVEL: "info" },
  startupCommand: "date >> ~/wakes.txt",
};

// In the account of the stack: mags:apiToken, or MAGS_API_TOKEN.
const live = new mags.Job("live", { ...settings, noSleep: true });

// In the other one. A component takes `providers`, and hands them to its parts.
const trial = new mags.Job("trial", settings, { provider: staging });
const box = new mags.Sandbox("box", { persistent: false }, { providers: [staging] });

export const accounts = [live.account, trial.account, box.account];
export const names = [live.name, trial.name, box.name];
