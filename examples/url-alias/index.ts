import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

/** Two versions of a service, side by side, each on a VM of its own. */
const versions: Record<string, mags.Job> = {};
for (const colour of ["blue", "green"]) {
  versions[colour] = new mags.Job(colour, {
    script: `exec node -e '
      require("node:http")
        .createServer((_request, response) => response.end("${colour}"))
        .listen(process.env.PORT ?? 8080);
    '`,
    http: { port: 8080 },
    waitFor: "healthy",
  });
}

// A URL that stays. It follows its target through restarts and resizes, and moves to another by one edit:
// pulumi config set live green && pulumi up
const live = config.get("live") ?? "blue";
const target = versions[live];
if (!target) throw new pulumi.RunError(`live has to be blue or green, not ${live}.`);
const alias = new mags.UrlAlias("shop", { target });

export const url = alias.url;
