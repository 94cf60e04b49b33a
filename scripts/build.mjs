// npm run build: installs what is missing and compiles the sources into dist/.
import { ensureBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { createLog, timed } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";

main(async () => {
  const log = createLog(process.stdout);
  await ensureInstalled(log);
  await useProjectNode();
  await timed(log, "build", () => ensureBuilt(log));
});
