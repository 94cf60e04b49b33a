import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Deployment, LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { say } from "../lib/output";
import { folderOfBackend, isService } from "../pulumi/backend";
import { NO_ORGANIZATION, projectAt, projectIn } from "../pulumi/project";
import { runPulumi } from "../pulumi/run";
import { warn } from "./actions";
import { findPulumi, stackIn, workspaceIn } from "./engine";
import * as errors from "./errors";
import { durationOf } from "./life";
import { refuseEmptyPassphrase } from "./passphrase";
import { absoluteBackend, emptyProject, modulesAround, stackFile, templateIn } from "./project";
import { ageOf, causeIn, explained, isMissing, isTaken, lockIn, understood } from "./pulumi-errors";
import { pullRequestOf } from "./pull-request";
import { OWNER_TAG, ownerOf, tagsOf, type PreviewRecord, type Tags } from "./record";
import { namespaceOf, repositoryOf, type RepositoryFlags } from "./repository";

/** What all commands about previews take. */
export interface PlaceFlags extends RepositoryFlags {
  program: string;
  project?: string;
  template?: string;
  forceUnlock?: true;
  unlockAfter?: string;
  /** Of up alone: the others meet what is there. */
  emptyPassphrase?: true;
}

/** A stack as a list shows it. */
export interface ListedStack {
  name: string;
  /** Undefined where the list does not tell. */
  resourceCount?: number;
}

/** The stacks of a project, or why there is no telling which there are. */
export type Listed = { stacks: ListedStack[] } | { stacks?: undefined; problem: string };

/** The command that breaks a lock, and goes on with what was kept from going on. */
type Unlocking = (pullRequest: number) => string;

/** The previews of one namespace and project, in the state backend. */
export class Place {
  private constructor(
    readonly program: string,
    /** Whether there is a program to bring up. */
    readonly hasProgram: boolean,
    readonly project: string,
    readonly namespace: string,
    readonly repository: string | undefined,
    readonly organization: string,
    /** URL of the state backend. */
    private readonly backend: string,
    readonly template: string | undefined,
    private readonly pulumi: PulumiCommand,
    /** A folder with no program in it. */
    private readonly empty: { folder: string; workspace: LocalWorkspace },
    private readonly env: Record<string, string>,
    private readonly flags: PlaceFlags,
    private readonly unlocking: Unlocking,
  ) {}

  /** Opens it for some work, and tidies up after that. Nothing is changed by it. */
  static async open<T>(
    flags: PlaceFlags,
    work: (place: Place) => Promise<T>,
    unlocking: Unlocking = (pullRequest) => `mags-iac preview down --pr ${pullRequest} --force-unlock`,
  ): Promise<T> {
    if (flags.project === "") throw errors.projectEmpty();
    if (flags.unlockAfter !== undefined) durationOf("--unlock-after", flags.unlockAfter);
    // A folder that is named is meant; else it is the project around, as for every command of Pulumi.
    const file = flags.program === "." ? projectAt() : projectIn(flags.program);
    const program = file?.folder ?? path.resolve(flags.program);
    const namespace = namespaceOf(flags, program);
    const repository = repositoryOf(flags);
    const project = flags.project ?? file?.name;
    if (project === undefined) throw errors.projectUnknown(program);
    const template = templateIn(file?.configFolder ?? program, flags.template);
    const pulumi = await findPulumi();
    const backend = absoluteBackend(process.env.PULUMI_BACKEND_URL || file?.backend, program);
    const env: Record<string, string> = {
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...(backend === undefined ? {} : { PULUMI_BACKEND_URL: backend }),
    };
    const project_ = emptyProject(project);
    const { folder } = project_;
    try {
      const workspace = await workspaceIn(folder, pulumi, {
        ...env,
        // The engine's plugin looks for the provider of each resource; those of others are beside the program.
        NODE_PATH: [process.env.NODE_PATH, ...modulesAround(program)].filter(Boolean).join(path.delimiter),
      });
      const { organization, url } = await backendOf(workspace, pulumi.command);
      const place = new Place(
        program,
        file !== undefined,
        project,
        namespace,
        repository,
        organization,
        url,
        template,
        pulumi,
        { folder, workspace },
        env,
        flags,
        unlocking,
      );
      return await work(place);
    } finally {
      project_.remove();
    }
  }

  /** All stacks of this project. Pulumi lists none where the state of one is spoilt: its files then have to tell. */
  async listed(): Promise<Listed> {
    try {
      return { stacks: await this.empty.workspace.listStacks() };
    } catch (error) {
      const known = understood(error);
      if (known) throw known;
      const files = this.filesOfStacks();
      if (files === undefined) return { problem: causeIn(error) };
      warn(errors.stacksFromFiles(files, causeIn(error)));
      const names = readdirSync(files).flatMap((file) => /^([\w.-]+)\.json(?:\.gz)?$/.exec(file)?.[1] ?? []);
      return { stacks: names.map((name) => ({ name })) };
    }
  }

  /** The folder where a backend of files has the states of this project. */
  private filesOfStacks(): string | undefined {
    const root = folderOfBackend(this.backend);
    const folder = root && path.join(root, ".pulumi", "stacks", this.project);
    return folder && existsSync(folder) ? folder : undefined;
  }

  /** Whether there is any stack of this project, also one that is no preview. */
  async hasStacks(): Promise<boolean> {
    const { stacks } = await this.listed();
    // What keeps it from being listed is the state of one.
    return stacks === undefined || stacks.length > 0;
  }

  /** Tags of a stack; undefined where there is none. The stacks beside it are not looked at. */
  async find(stack: string): Promise<Tags | undefined> {
    try {
      return await this.empty.workspace.listTags(stack);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explained(error);
    }
  }

  async create(stack: string): Promise<void> {
    try {
      await this.empty.workspace.createStack(stack);
    } catch (error) {
      throw isTaken(error) ? errors.stackTaken(stack) : explained(error);
    }
  }

  /** Says whose preview a stack is, and what else is known of it. */
  own(stack: string, pullRequest: number, record: Partial<PreviewRecord>): Promise<void> {
    return this.tag(stack, { [OWNER_TAG]: ownerOf(this.namespace, pullRequest), ...tagsOf(record) });
  }

  note(stack: string, record: Partial<PreviewRecord>): Promise<void> {
    return this.tag(stack, tagsOf(record));
  }

  /** The state of a stack. Secrets are decrypted only if that is asked for: the rest needs no passphrase. */
  async export(stack: string, { secrets = false } = {}): Promise<Deployment> {
    const args = ["stack", "export", ...(secrets ? ["--show-secrets"] : []), "--stack", stack];
    const { command } = this.pulumi;
    const { code, ...printed } = await runPulumi(args, {
      command,
      folder: this.empty.folder,
      env: this.env,
    });
    if (code === 0) return JSON.parse(printed.stdout) as Deployment;
    throw explained({ commandResult: printed }, (detail) => errors.stackUnreadable(stack, detail));
  }

  /** The configuration of a preview, in a file that is nobody's. */
  configure(stack: string, pullRequest: number, encryption?: Record<string, string>): string {
    const file = path.join(this.empty.folder, `Pulumi.${stack}.yaml`);
    const config = {
      [OWNER_TAG]: ownerOf(this.namespace, pullRequest),
      "mags:namespace": this.namespace,
      [`${this.project}:pullRequest`]: String(pullRequest),
    };
    const text = stackFile(this.template, config, encryption);
    if (!this.flags.emptyPassphrase) refuseEmptyPassphrase(this.backend, text);
    writeFileSync(file, text);
    return file;
  }

  /** The stack with the program around it, for an up. */
  async withProgram(stack: string, env: Record<string, string>): Promise<Stack> {
    return stackIn(await workspaceIn(this.program, this.pulumi, { ...this.env, ...env }), stack);
  }

  /** The stack without a program, for what needs none. */
  withoutProgram(stack: string): Promise<Stack> {
    return stackIn(this.empty.workspace, stack);
  }

  async removeStack(stack: string): Promise<void> {
    await this.unlocked(stack, () => this.empty.workspace.removeStack(stack));
    rmSync(path.join(this.empty.folder, `Pulumi.${stack}.yaml`), { force: true });
  }

  /**
   * Does something that takes the lock of a stack. A lock that is in the way is broken where somebody has said that
   * its run is dead, by itself or by its age.
   */
  async unlocked<T>(stack: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const lock = lockIn(error);
      if (!lock) throw error;
      const age = ageOf(lock, Date.now());
      const { forceUnlock, unlockAfter } = this.flags;
      const isDead =
        unlockAfter !== undefined && age !== undefined && age > durationOf("--unlock-after", unlockAfter);
      if (!forceUnlock && !isDead)
        throw errors.locked(stack, lock.since, this.unlocking(pullRequestOf(stack)!));
      say(`${stack}: breaking the lock${lock.since ? ` of ${lock.since}` : ""}`);
      await (await this.withoutProgram(stack)).cancel();
      return work();
    }
  }

  private async tag(stack: string, tags: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(tags))
      await this.asked(() => this.empty.workspace.setTag(stack, key, value));
  }

  /** Asks Pulumi; what goes wrong is told in our words. */
  private async asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explained(error);
    }
  }
}

/** Names in lists may have organization and project before them. */
export function shortName(stack: string): string {
  return stack.split("/").at(-1)!;
}

/**
 * Where the states are, and what `pulumi.getOrganization()` says in a program. Backends without organizations all
 * have the same; with the service, stacks are made in the default one, which is the user's own unless another is set.
 */
async function backendOf(
  workspace: LocalWorkspace,
  pulumi: string,
): Promise<{ url: string; organization: string }> {
  try {
    const { url = "", user } = await workspace.whoAmI();
    if (!isService(url)) return { url, organization: NO_ORGANIZATION };
    const { status, stdout } = spawnSync(pulumi, ["org", "get-default"], { encoding: "utf8" });
    const organization = (status === 0 && /^[\w.-]+$/.exec(stdout.trim())?.[0]) || user;
    return { url, organization };
  } catch (error) {
    throw explained(error);
  }
}
