import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

const data = new mags.Workspace("data", {
  deletionProtection: config.getBoolean("protectData") ?? true,
});
const app = new mags.Job("app", { workspace: data, noSleep: true });

// Inside the running job, beside its script: at most once for each version, also when an update is interrupted.
const schemaVersion = "2";
const migration = new mags.Run("migrate", {
  job: app,
  script: 'echo "$SCHEMA_VERSION" > ~/schema-version && echo "migrated to $SCHEMA_VERSION"',
  environment: { SCHEMA_VERSION: schemaVersion },
});

// In a VM of its own, which ends with the script. Another value of triggers runs it again.
const check = new mags.Run("check", {
  script: 'echo "checked with $API_KEY"',
  secrets: { API_KEY: config.getSecret("apiKey") ?? "only-for-trying" },
  triggers: { week: 12 },
});

export const migrated = migration.logTail;
export const checked = check.exitCode;
