import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

// What the service writes outlives its VM.
const data = new mags.Workspace("data", {
  deletionProtection: config.getBoolean("protectData") ?? true,
});

// A VM that runs a script. Its files are under /uploads before the script starts; the plan names each that changed.
// Where the emulator cannot give a VM folders of its own, MAGS_UPLOADS names the place.
const web = new mags.Job("web", {
  workspace: data,
  files: {
    "app/": { path: "./app", exclude: ["**/*.test.js"] },
    "conf/": "./conf/*.json",
  },
  script: 'cd "${MAGS_UPLOADS:-/uploads}" && exec node app/server.js',
  environment: { TITLE: "Visits" },
  secrets: { SIGNING_KEY: config.getSecret("signingKey") ?? "only for trying" },
  idleTimeout: 30,
  http: { port: 8080, healthPath: "/health" },
  waitFor: "healthy",
});

export const name = web.name;
export const url = web.url;
