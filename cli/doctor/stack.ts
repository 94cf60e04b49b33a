import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { readConfiguration, type Configuration } from "../account/config";
import type { AccountFlags } from "../account/connect";
import { many } from "../lib/output";
import { quoted } from "../lib/shell";
import { folderOfBackend, isService } from "../pulumi/backend";
import { projectAt, stacksOf, type Project, type StackName } from "../pulumi/project";
import { pulumiLine, recoveringLine } from "../pulumi/line";
import { askPulumi, type StackPlace } from "../pulumi/run";
import { parseState, type StackState } from "../state/stack-state";
import { saying } from "../lib/saying";
import { ok, unchecked, warning, wrong, type Finding } from "./finding";

/** What is known of the project around, as far as it could be read. */
export interface Surroundings {
  findings: Finding[];
  project?: Project;
  stacks?: StackName[];
  stack?: StackName;
  state?: StackState;
  /** What the stack configures, tokens and all; without what could not be decrypted. */
  configuration: Configuration;
}

const NO_PROJECT = "There is no Pulumi project here: go to its folder, or name it with --cwd.";

type Place = Pick<AccountFlags, "cwd" | "stack">;

/** Project, backend, and the stack that is given or else selected. */
export async function surroundings(flags: Place): Promise<Surroundings> {
  const { cwd: folder } = flags;
  const nothing = { configuration: {} };
  let project: Project | undefined;
  try {
    project = projectAt(folder);
  } catch (error) {
    return { ...nothing, findings: [wrong("project", saying(error))] };
  }
  if (!project) return { ...nothing, findings: [unchecked("project", NO_PROJECT)] };
  const findings = [ok("project", `${project.name} (${project.file})`)];
  let backend: string;
  let stacks: StackName[];
  try {
    backend = (JSON.parse(await askPulumi(["whoami", "--verbose", "--json"], { folder })) as { url: string })
      .url;
    stacks = await stacksOf(folder);
    findings.push(ok("backend", backend));
  } catch (error) {
    findings.push(wrong("backend", saying(error), "pulumi login"));
    return { ...nothing, findings, project };
  }
  const stack = stacks.find(({ name, stack: short, current }) =>
    flags.stack === undefined ? current : [name, short].includes(flags.stack),
  );
  if (!stack) {
    findings.push(missing(flags, stacks));
    return { ...nothing, findings, project, stacks };
  }
  const rest = await ofStack(stack, folder, backend, project);
  return { ...rest, findings: [...findings, ...rest.findings], project, stacks, stack };
}

function missing({ cwd: folder, stack: wanted }: Place, stacks: readonly StackName[]): Finding {
  const line = (words: string) => pulumiLine(words, { folder });
  const known = stacks.map(({ name }) => name).join(", ");
  const there = known === "" ? "There is none in this backend" : `There are: ${known}`;
  if (wanted !== undefined)
    return wrong("stack", `There is no stack "${wanted}". ${there}.`, line(`stack init ${quoted(wanted)}`));
  const mend = line(stacks.length > 0 ? `stack select ${quoted(stacks[0]!.name)}` : "stack init dev");
  return warning("stack", `No stack is selected, so what belongs to one was not checked. ${there}.`, mend);
}

async function ofStack(
  stack: StackName,
  folder: string | undefined,
  backend: string,
  project: Project,
): Promise<Pick<Surroundings, "findings" | "state" | "configuration">> {
  const place = { folder, stack: stack.name };
  const read = readConfiguration(place);
  const [state, passphrase, configuration, plain] = await Promise.allSettled([
    askPulumi(["stack", "export"], place).then(parseState),
    canUseSecrets(place, project, stack),
    read.then((found) => found.decrypted()),
    read.then((found) => found.plain),
  ]);
  if (state.status === "rejected")
    return {
      configuration: {},
      findings: [wrong("stack", saying(state.reason), pulumiLine("stack ls", { folder }))],
    };
  const { resources, pending } = state.value;
  const locked = stack.updateInProgress || isLocked(backend, project, stack);
  const known = [configuration, plain].find(({ status }) => status === "fulfilled");
  const settings: Configuration = known?.status === "fulfilled" ? known.value : {};
  const findings = [
    ok("stack", `${stack.name}, with ${many(resources.length, "Mags resource")}`),
    lockFinding(locked, place),
    passphrase.status === "rejected"
      ? wrong("secrets", saying(passphrase.reason), "export PULUMI_CONFIG_PASSPHRASE=…")
      : ok("secrets", "the stack's secrets can be decrypted"),
    namespaceFinding(plain, place),
    ...(pending.length > 0
      ? [
          warning(
            "pending",
            `A run was interrupted in the middle of: ${pending.map(({ type, urn }) => `${type} ${urn.split("::").at(-1)}`).join(", ")}.`,
            recoveringLine(place, settings.namespace),
          ),
        ]
      : []),
  ];
  return { findings, state: state.value, configuration: settings };
}

/**
 * Fails where Pulumi can decrypt no secret of the stack, or encrypt none. What it prints is for nobody. Only the
 * latter tells a wrong passphrase where there is no secret yet; it is tried on a copy of the configuration.
 */
async function canUseSecrets(
  place: StackPlace,
  { configFolder }: Project,
  { stack }: StackName,
): Promise<void> {
  await askPulumi(["stack", "export", "--show-secrets"], place);
  const config = path.join(configFolder, `Pulumi.${stack}.yaml`);
  if (!existsSync(config)) return;
  const folder = mkdtempSync(path.join(os.tmpdir(), "mags-iac-"));
  try {
    const copy = path.join(folder, path.basename(config));
    copyFileSync(config, copy);
    await askPulumi(["config", "set", "--secret", "mags-iac:doctor", "-", "--config-file", copy], place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function namespaceFinding(plain: PromiseSettledResult<Configuration>, place: StackPlace): Finding {
  if (plain.status === "rejected") return unchecked("namespace", saying(plain.reason));
  if (plain.value.namespace) return ok("namespace", plain.value.namespace);
  return warning(
    "namespace",
    "mags:namespace is not set: what an interrupted run or a lost state leaves behind is not recognized as ours by itself. " +
      "Setting it later changes no name that is in the state.",
    pulumiLine("config set mags:namespace <a word that nobody else uses with this account>", place),
  );
}

function lockFinding(locked: boolean | undefined, place: StackPlace): Finding {
  if (locked === undefined) return unchecked("lock", "This kind of backend does not tell of locks.");
  if (!locked) return ok("lock", "none seen");
  return warning(
    "lock",
    `An update of "${place.stack}" is going on, or was interrupted: until it ends, no other can begin.`,
    `${pulumiLine("cancel", place)}   # only if no update is going on`,
  );
}

/** A backend that is a folder has a file for each lock; of others, Pulumi's service alone tells. */
function isLocked(
  backend: string,
  { name }: Project,
  { organization, stack }: StackName,
): boolean | undefined {
  if (isService(backend)) return false;
  const root = folderOfBackend(backend);
  if (root === undefined) return undefined;
  try {
    const locks = path.join(root, ".pulumi", "locks", organization, name, stack);
    return readdirSync(locks).some((file) => file.endsWith(".json"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}
