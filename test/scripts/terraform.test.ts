import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { describeIf } from "../support/skip";
import { callScript, temporaryFolder } from "./call";

const MODULE = "terraform/get-terraform.mjs";
const PROVIDER = "cache/restapi-1.20.0/terraform-provider-restapi";

/** A terraform that says its version, and of the provider what `schema` prints. */
const terraform = (schema: string) =>
  `#!/bin/sh\ncase $1 in version) echo '{"terraform_version":"1.2.3"}';; *) ${schema};; esac\n`;
const WORKS = terraform(`echo '{"restapi_object":{}}'`);

/** A Go of a version; `build` is what it does as it compiles, where `$out` is the folder to build into. */
const go = (version: string, build: string) => `#!/bin/sh
out=\${7:-}
case $1 in
  env) if [ "$2" = GOVERSION ]; then echo ${version}; else echo /nowhere; fi;;
  list) echo one; echo two;;
  build) ${build};;
esac
`;
const BUILDS = 'echo "$@" >> "$COUNT"; : > "${out}terraform-provider-restapi"';

type Found = { version?: string; provider?: string; absent?: string };

/** Looks for terraform where nothing but the programs of `folder`/bin can be found. */
const get = (folder: string) =>
  callScript<{ found: Found; said: string[] }>(
    MODULE,
    `const said = [];
     const log = { line: (text) => said.push(text), progress: () => undefined };
     const found = await m.getTerraform({ log, cache: ${JSON.stringify(path.join(folder, "cache"))} });
     return { found, said };`,
    { PATH: path.join(folder, "bin"), HOME: folder, COUNT: path.join(folder, "builds") },
  );

const made: (() => void)[] = [];
afterEach(() => made.splice(0).forEach((remove) => remove()));
function machine(files: Record<string, string>): string {
  const { folder, remove } = temporaryFolder(files);
  made.push(remove);
  return folder;
}

describeIf(process.platform !== "win32", "the stand-in programs are shell scripts")(
  "terraform with its REST provider",
  () => {
    it("is absent without a terraform that runs", async () => {
      expect((await get(machine({}))).found).toEqual({ absent: "there is no terraform on PATH" });
      const folder = machine({ "bin/terraform": "#!/bin/sh\nexit 3\n" });
      expect((await get(folder)).found).toEqual({
        absent: "the terraform on PATH does not run (exit code 3)",
      });
    });

    it("is absent without a Go that can build the provider", async () => {
      const old = machine({ "bin/terraform": WORKS, "bin/go": go("go1.20.4", "true") });
      expect((await get(old)).found).toEqual({
        absent: "building its REST provider needs Go 1.21 or newer, and this is go1.20.4",
      });
      const none = machine({ "bin/terraform": WORKS });
      expect((await get(none)).found).toEqual({
        absent: "building its REST provider needs Go 1.21 or newer, and there is no `go` on PATH",
      });
    });

    it("is absent with what Go said when the build fails, and tried again by the next run", async () => {
      const failing = go("go1.26.0", "echo 'no required module' >&2; exit 1");
      const folder = machine({ "bin/terraform": WORKS, "bin/go": failing });
      for (const attempt of [1, 2]) {
        const { found } = await get(folder);
        expect([attempt, found.absent]).toEqual([
          attempt,
          expect.stringMatching(/^.*Go said: no required module$/),
        ]);
        expect(existsSync(path.join(folder, path.dirname(PROVIDER)))).toBe(false);
        expect(readdirSync(path.join(folder, "cache"))).not.toContain("restapi-1.20.0.lock");
      }
    });

    it("is built once", async () => {
      const folder = machine({ "bin/terraform": WORKS, "bin/go": go("go1.26.0", BUILDS) });
      const expected = { version: "1.2.3", provider: path.join(folder, path.dirname(PROVIDER)) };
      const [first, second] = await Promise.all([get(folder), get(folder)]);
      expect([first.found, second.found]).toEqual([expected, expected]);
      const third = await get(folder);
      expect(third).toEqual({ found: expected, said: [] });
      expect(readFileSync(path.join(folder, "builds"), "utf8").trim().split("\n")).toHaveLength(1);
      expect(readdirSync(path.join(folder, "cache"))).toEqual(["restapi-1.20.0"]);
      expect(existsSync(path.join(folder, PROVIDER))).toBe(true);
    });

    it("is absent when terraform cannot use what was built", async () => {
      const refusing = terraform("echo 'plugin did not respond' >&2; exit 1");
      const folder = machine({ "bin/terraform": refusing, [PROVIDER]: "" });
      const { absent } = (await get(folder)).found;
      expect(absent).toContain("plugin did not respond");
      expect(absent).toContain(`remove that folder to have it built anew`);
    });

    it("runs without the user's settings, and asks nobody", async () => {
      const folder = machine({ "project/main.tf": "" });
      const env = await callScript<Record<string, string>>(
        MODULE,
        `return m.useProvider(${JSON.stringify(path.join(folder, "project"))}, "/a folder");`,
        { PATH: "/bin", TF_LOG: "trace", TF_VAR_url: "x", REST_API_URI: "x", TF_CLI_ARGS: "-x" },
      );
      expect(env).toEqual({
        PATH: "/bin",
        NO_PROXY: "localhost,127.0.0.1",
        no_proxy: "localhost,127.0.0.1",
        TF_CLI_CONFIG_FILE: path.join(folder, "project", "terraform.tfrc"),
        TF_DATA_DIR: path.join(folder, "project", ".terraform"),
        TF_IN_AUTOMATION: "1",
        TF_INPUT: "0",
        CHECKPOINT_DISABLE: "1",
      });
      expect(readFileSync(path.join(folder, "project", "terraform.tfrc"), "utf8")).toBe(
        `provider_installation {
  dev_overrides {
    "mastercard/restapi" = "/a folder"
  }
}
`,
      );
    });
  },
);

it("is of the version that go.mod and the configuration name", async () => {
  const { version, source } = await callScript<{ version: string; source: string }>(
    MODULE,
    "return { version: m.PROVIDER_VERSION, source: m.PROVIDER_SOURCE };",
  );
  const root = path.join(__dirname, "..", "..");
  const read = (file: string) => readFileSync(path.join(root, file), "utf8");
  expect(read("scripts/terraform/go.mod")).toContain(
    `require github.com/Mastercard/terraform-provider-restapi v${version}\n`,
  );
  expect(read("bench/contestants/programs/terraform/main.tf")).toContain(`source = "${source}"`);
});
