import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();
const deletionProtection = config.getBoolean("protectData") ?? true;

// Filled once, in a VM of its own, which ends when the script does.
const catalogue = new mags.Workspace("catalogue", { deletionProtection });
const seed = new mags.Run("seed", {
  workspace: catalogue,
  script: 'tr "," "\\t" < "${MAGS_UPLOADS:-/uploads}/items.csv" > ~/items.tsv && wc -l < ~/items.tsv',
  files: { "items.csv": "./items.csv" },
});

// A service, and a script that is run inside its VM each time the version changes.
const data = new mags.Workspace("data", { deletionProtection });
const shop = new mags.Job("shop", { workspace: data, noSleep: true });
const migration = new mags.Run("migration", {
  job: shop,
  scriptFile: "./migrate.sh",
  secrets: { DB_PASSWORD: config.getSecret("dbPassword") ?? "only for trying" },
  triggers: [config.get("version") ?? "1.0"],
});

export const items = seed.logTail;
export const log = migration.logTail;
