import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { cronJob } from "../../provider/lifecycle/cron-job";
import type { KindName, Values } from "../../provider/schema/fields";
import { job } from "../../provider/lifecycle/job";
import type { Kind } from "../../provider/lifecycle/kind";
import { IDS, OUTPUTS } from "../../provider/schema/outputs";
import { check } from "../../provider/schema/plan";
import { run } from "../../provider/lifecycle/run";
import { urlAlias } from "../../provider/lifecycle/url-alias";
import { workspace } from "../../provider/lifecycle/workspace";
import { resolveSettings } from "../../provider/api/settings";
import { SHORTHANDS } from "../../provider/schema/shorthands";
import { callScript } from "../scripts/call";

jest.setTimeout(900_000);

const root = path.resolve(__dirname, "../..");
const kinds: Record<KindName, Kind> = {
  Workspace: workspace,
  Job: job,
  UrlAlias: urlAlias,
  CronJob: cronJob,
  Run: run,
};

/** The least that a program may say of each kind. */
const least: Record<KindName, Values> = {
  Workspace: {},
  Job: {},
  UrlAlias: { workspaceId: "site" },
  CronJob: { cronExpression: "0 3 * * *", script: "date" },
  Run: { script: "date" },
};

/** What `npm run docs -- --check` finds in a copy: as it is, spoiled, and mended by `npm run docs`. */
interface Findings {
  asIs: string[];
  spoiled: string[];
  mended: string[];
}

describe("the reference", () => {
  let copy: string;
  let findings: Findings;
  const spoiledFiles = ["docs/reference/job.md", "README.md", "docs/cli.md", "docs/images/graph.svg"];

  beforeAll(async () => {
    copy = mkdtempSync(path.join(os.tmpdir(), "mags-docs-"));
    cpSync(path.join(root, "README.md"), path.join(copy, "README.md"));
    cpSync(path.join(root, "docs"), path.join(copy, "docs"), { recursive: true });
    findings = await callScript<Findings>(
      "docs/files.mjs",
      `const { readSources } = await import(${JSON.stringify(pathToFileURL(path.join(root, "scripts/docs/source.mjs")).href)});
      const { readFileSync, writeFileSync } = await import("node:fs");
      const sources = readSources();
      const folder = ${JSON.stringify(copy)};
      const found = () => {
        const { stale, orphans } = m.compare(sources, folder);
        return [...stale.keys(), ...orphans];
      };
      const asIs = found();
      for (const file of ${JSON.stringify(spoiledFiles)}) {
        const text = readFileSync(folder + "/" + file, "utf8");
        writeFileSync(folder + "/" + file, text.replaceAll(/\`diskGb\` [|]|--svg <file>|shop-staging/g, "something else"));
      }
      writeFileSync(folder + "/docs/reference/gone.md", "a page of a kind that is no more\\n");
      const spoiled = found();
      m.write(m.compare(sources, folder), folder);
      return { asIs, spoiled, mended: found() };`,
    );
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("is what the tables give; if not, `npm run docs` writes it", () => expect(findings.asIs).toEqual([]));

  it("is seen to be stale, file by file", () =>
    expect(findings.spoiled).toEqual([...spoiledFiles, "docs/reference/gone.md"]));

  it("is mended by writing it", () => {
    expect(findings.mended).toEqual([]);
    for (const file of spoiledFiles)
      expect(readFileSync(path.join(copy, file), "utf8")).toBe(readFileSync(path.join(root, file), "utf8"));
  });
});

describe.each(Object.keys(kinds) as KindName[])("the tables of %s", (name) => {
  const kind = kinds[name];

  it("say which outputs are known at preview: those that check gives", () => {
    const identity = {
      organization: "organization",
      project: "project",
      stack: "dev",
      typeChain: name,
      logicalName: "thing",
    };
    const { inputs, problems } = check(
      kind,
      resolveSettings(() => undefined, {}),
      {},
      least[name],
      identity,
    );
    expect(problems).toEqual([]);
    const known = Object.keys(OUTPUTS[name]).filter((output) => inputs[output] !== undefined);
    expect(known).toEqual(Object.keys(OUTPUTS[name]).filter((output) => OUTPUTS[name][output]!.preview));
  });

  it("let an argument that stands for a field do what the field does", () => {
    for (const [argument, { field, effect }] of Object.entries(SHORTHANDS[name])) {
      expect(kind.fields[argument]).toBeUndefined();
      expect(kind.fields[field]?.effect).toBe(effect);
    }
  });

  it("name an id", () => expect(IDS[name]).not.toBe(""));
});
