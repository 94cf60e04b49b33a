// npm run docs: writes docs/reference/ and the table of edits in README.md from the tables in provider/.
// With --check it writes nothing, and fails when what is there is not what would be written.
import { parseArgs } from "node:util";

import { compare, write } from "./docs/files.mjs";
import { readSources } from "./docs/source.mjs";
import { UserError } from "./lib/errors.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { root } from "./lib/paths.mjs";

main(async () => {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  await useProjectNode();
  const difference = compare(readSources(), root);
  const { count, stale, orphans } = difference;
  if (values.check) {
    const names = [...stale.keys(), ...orphans];
    if (names.length > 0) throw new UserError(`Not up to date: ${names.join(", ")}. Run: npm run docs`);
    process.stdout.write(`docs: ${count} files are up to date\n`);
    return;
  }
  write(difference, root);
  process.stdout.write(`docs: ${stale.size} of ${count} files written, ${orphans.length} removed\n`);
});
