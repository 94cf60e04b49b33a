import path from "node:path";

import { describeIf } from "../support/skip";
import { callScript, temporaryFolder } from "./call";

const cli = (version: string) => `#!/bin/sh\necho v${version}\n`;
const helpers = (folder: string) => ({
  [`${folder}/pulumi-language-nodejs`]: "#!/bin/sh\n",
  [`${folder}/pulumi-resource-pulumi-nodejs`]: "#!/bin/sh\n",
});

/** An environment in which nothing but `folder` can hold an engine. */
const only = (folder: string, searchPath = "/usr/bin:/bin") => ({
  PATH: searchPath,
  HOME: folder,
  PULUMI_HOME: folder,
});

const find =
  "const said = []; const engine = await m.findEngine((reason) => said.push(reason)); return { engine, said };";
type Found = { engine?: { bin: string; version: string; how: string }; said: string[] };

describeIf(process.platform !== "win32", "the stand-in CLIs are shell scripts")(
  "search for the engine",
  () => {
    it("takes the newest usable version, and no build under way", async () => {
      const { folder, remove } = temporaryFolder({
        "versions/3.220.0/bin/pulumi": cli("3.220.0"),
        ...helpers("versions/3.220.0/bin"),
        "versions/3.259.0/bin/pulumi": cli("3.259.0"),
        ...helpers("versions/3.259.0/bin"),
        "versions/.build-3.300.0/bin/pulumi": cli("3.300.0"),
        ...helpers("versions/.build-3.300.0/bin"),
      });
      try {
        const { engine } = await callScript<Found>("engine/find.mjs", find, only(folder));
        expect(engine).toMatchObject({ version: "3.259.0", bin: path.join(folder, "versions/3.259.0/bin") });
      } finally {
        remove();
      }
    });

    it("prefers PATH", async () => {
      const { folder, remove } = temporaryFolder({
        "path/pulumi": cli("3.230.0"),
        ...helpers("path"),
        "versions/3.259.0/bin/pulumi": cli("3.259.0"),
        ...helpers("versions/3.259.0/bin"),
      });
      try {
        const env = only(folder, `${path.join(folder, "path")}:/usr/bin:/bin`);
        const { engine } = await callScript<Found>("engine/find.mjs", find, env);
        expect(engine).toMatchObject({ version: "3.230.0", how: "found on PATH" });
      } finally {
        remove();
      }
    });

    it("says why it passes over what it cannot use", async () => {
      const { folder, remove } = temporaryFolder({
        "versions/3.1.0/bin/pulumi": cli("3.1.0"),
        ...helpers("versions/3.1.0/bin"),
        "versions/3.250.0/bin/pulumi": cli("3.250.0"),
        "versions/3.251.0/bin/pulumi": "#!/bin/sh\nexit 4\n",
        "versions/3.252.0/bin/pulumi": "#!/bin/sh\necho hello\n",
      });
      try {
        const { engine, said } = await callScript<Found>("engine/find.mjs", find, only(folder));
        expect(engine).toBeUndefined();
        expect(said).toEqual([
          expect.stringContaining('it says no version but "hello"'),
          expect.stringContaining("it does not run (exit code 4)"),
          expect.stringContaining("pulumi-language-nodejs is neither beside it nor on PATH"),
          expect.stringContaining("it is version 3.1.0, and 3.216.0 or newer is needed"),
        ]);
      } finally {
        remove();
      }
    });
  },
);
