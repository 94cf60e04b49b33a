import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import {
  absoluteBackend,
  encryptionOf,
  magsConfiguration,
  stackFile,
  templateIn,
} from "../../../cli/preview/project";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "preview-project-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("the backend of a project", () => {
  it("a relative backend is meant from there", () => {
    expect(absoluteBackend("file://./state", "/home/shop")).toBe("file:///home/shop/state");
    expect(absoluteBackend("s3://bucket", "/home/shop")).toBe("s3://bucket");
    expect(absoluteBackend(undefined, "/home/shop")).toBeUndefined();
  });
});

describe("the configuration of a preview", () => {
  const TEMPLATE = `# why
encryptionsalt: v1:salt
config:
  shop:title: Preview
  shop:key:
    secure: v1:cipher
  mags:endpoint: http://127.0.0.1:1
  mags:apiToken:
    secure: v1:cipher
`;

  it("may have nothing below `config:`, but must not be something else there", () => {
    const file = write("Pulumi.preview.yaml", "config:\n");
    expect(parse(stackFile(file, { "mags:preview": "acme/shop#7" }))).toEqual({
      config: { "mags:preview": "acme/shop#7" },
    });
    expect(magsConfiguration(file)).toEqual({});
    write("Pulumi.preview.yaml", "config: [a]\n");
    expect(() => stackFile(file, {})).toThrow(/Pulumi.preview.yaml cannot be read \(its config is no map\)/);
  });

  it("is that of the template, encrypted values and salt included, with what only the preview has", () => {
    const file = write("Pulumi.preview.yaml", TEMPLATE);
    expect(templateIn(folder, undefined)).toBe(file);
    const made = parse(
      stackFile(file, { "mags:preview": "acme/shop#7" }, { encryptionsalt: "v1:other" }),
    ) as object;
    expect(made).toEqual({
      encryptionsalt: "v1:salt",
      config: {
        "shop:title": "Preview",
        "shop:key": { secure: "v1:cipher" },
        "mags:endpoint": "http://127.0.0.1:1",
        "mags:apiToken": { secure: "v1:cipher" },
        "mags:preview": "acme/shop#7",
      },
    });
    expect(magsConfiguration(file)).toEqual({ endpoint: "http://127.0.0.1:1" });
  });

  it("without a template, is encrypted as the state is", () => {
    const state = {
      version: 3,
      deployment: { secrets_providers: { type: "passphrase", state: { salt: "v1:s" } } },
    };
    expect(encryptionOf(state)).toEqual({ encryptionsalt: "v1:s" });
    expect(parse(stackFile(undefined, { "mags:preview": "a/b#1" }, encryptionOf(state)))).toEqual({
      encryptionsalt: "v1:s",
      config: { "mags:preview": "a/b#1" },
    });
  });

  it("a template that is named has to be there", () =>
    expect(() => templateIn(folder, join(folder, "none.yaml"))).toThrow(/which --template names/));
});
