import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as mags from "../../provider";
import * as client from "../../provider/client";

const root = path.resolve(__dirname, "../..");
const page = readFileSync(path.join(root, "docs/client.md"), "utf8");

/** Methods of the vendor's SDK, and commands of its CLI, by its README 1.8.17. */
const SDK = `run runAndWait new status logs list findJob updateJob stop exec sync resize usage
  enableAccess url urlAliasCreate urlAliasList urlAliasDelete listWorkspaces deleteWorkspace uploadFiles
  cronCreate cronList cronGet cronUpdate cronDelete`.split(/\s+/);
const CLI = `login logout whoami new run ssh exec proxy status logs list url stop set cron`.split(/\s+/);
/** Options of `mags run` and `mags new`. */
const OPTIONS = `-w --workspace -p --persistent --url --port --no-sleep --startup-command -t --type --timeout
  --base --disk`.split(/\s+/);

const METHODS = Object.getOwnPropertyNames(client.Mags.prototype).filter(
  (name) =>
    name !== "constructor" &&
    typeof Object.getOwnPropertyDescriptor(client.Mags.prototype, name)!.value === "function",
);

interface Row {
  vendor: string;
  declared: string[];
  ours: string;
}

/** The rows of the table under a heading. */
function rowsOf(text: string, heading: string): Row[] {
  const section = text.slice(text.indexOf(`### ${heading}\n`)).split(/\n#{2,3} /)[0]!;
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => {
    const [, vendor, declared, ours] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { vendor: vendor!, declared: codes(declared!), ours: ours! };
  });
}

function codes(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

/** Everything that a page says and that is not so. */
function untruths(text: string): string[] {
  const [sdk, cli] = [rowsOf(text, "SDK"), rowsOf(text, "Command line")];
  const commands = execFileSync(process.execPath, [path.join(root, "dist/cli/main.js"), "--help"], {
    encoding: "utf8",
  });
  const found: string[] = [];
  for (const { vendor, declared, ours } of [...sdk, ...cli]) {
    for (const name of declared) if (!(name in mags)) found.push(`${vendor}: pulumi-mags has no ${name}`);
    const methods = codes(ours).flatMap((code) => /^(\w+)\(/.exec(code)?.[1] ?? []);
    for (const method of methods)
      if (!METHODS.includes(method)) found.push(`${vendor}: the client has no ${method}`);
    for (const [, command] of ours.matchAll(/`mags-iac (\w+)`/g))
      if (!new RegExp(`^ {2}${command} `, "m").test(commands)) found.push(`there is no mags-iac ${command}`);
    if (methods.length === 0 && declared.length === 0 && !ours.startsWith("not available, because "))
      found.push(`${vendor}: neither where it is nor why it is not`);
  }
  const vendorMethods = sdk.map(({ vendor }) => /^`(\w+)\(/.exec(vendor)?.[1]);
  for (const method of SDK) {
    const row = sdk[vendorMethods.indexOf(method)];
    if (!row) found.push(`the vendor's ${method} is missing`);
    else if (!row.ours.startsWith(`\`${method}(`)) found.push(`${method} has another name here`);
  }
  for (const command of CLI)
    if (!cli.some(({ vendor }) => vendor.startsWith(`\`mags ${command}`)))
      found.push(`mags ${command} is missing`);
  const told = cli.map(({ vendor }) => vendor).join(" ");
  for (const option of OPTIONS)
    if (!new RegExp(`[ \`\\[]${option}[ ,\`\\]]`).test(told)) found.push(`the option ${option} is missing`);
  for (const method of METHODS) if (!text.includes(`\`${method}(`)) found.push(`${method} is not told of`);
  return found;
}

it("the page says of every method and command of the vendor's where it is", () => {
  expect(untruths(page)).toEqual([]);
});

it.each<[string, (text: string) => string, string]>([
  [
    "a method that there is not",
    (text) => text.replace(/(\| )`status\(requestId\)`( *\|\n)/, "$1`state(requestId)`$2"),
    "the client has no state",
  ],
  [
    "a resource that there is not",
    (text) => text.replace("| `CronJob` ", "| `Cron` "),
    "pulumi-mags has no Cron",
  ],
  [
    "a command that there is not",
    (text) => text.replace("mags-iac emulator", "mags-iac login"),
    "there is no mags-iac login",
  ],
  [
    "a row that is gone",
    (text) => text.replace(/^\| `cronDelete.*\n/m, ""),
    "the vendor's cronDelete is missing",
  ],
  [
    "a cell that says nothing",
    (text) => text.replace(/not available, because nothing is saved here/, ""),
    "neither where it is nor why",
  ],
  [
    "an option that is gone",
    (text) => text.replaceAll("--startup-command", "--startup"),
    "the option --startup-command is missing",
  ],
])("would be seen to be wrong with %s", (_name, spoil, expected) => {
  const spoiled = spoil(page);
  expect(spoiled).not.toBe(page);
  expect(untruths(spoiled)).toContainEqual(expect.stringContaining(expected));
});

it("the page names every error that there is, and its options those of the client", () => {
  const errors = Object.keys(client).filter((name) => name.endsWith("Error") && name !== "MagsError");
  const section = page.slice(page.indexOf("## Errors"));
  expect([...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).sort()).toEqual(errors.sort());
  const source = readFileSync(path.join(root, "provider/client/options.ts"), "utf8");
  const options = /interface MagsOptions \{(.*?)^\}/ms.exec(source)![1]!;
  const settings = page.slice(page.indexOf("## Settings")).split("\n## ")[0]!;
  expect([...settings.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).toEqual(
    [...options.matchAll(/^ {2}(\w+)\?/gm)].map(([, name]) => name),
  );
});

it("docs/functions.md names every function that there is", () => {
  const text = readFileSync(path.join(root, "docs/functions.md"), "utf8");
  const named = [...text.matchAll(/^\| `(get\w+)`/gm)].map(([, name]) => name!);
  expect(named.sort()).toEqual(
    Object.keys(mags)
      .filter((name) => /^get\w+(?<!Output)$/.test(name))
      .sort(),
  );
});
