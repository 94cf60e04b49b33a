import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type {
  Deployment,
  LocalWorkspace,
  PulumiCommand,
  Stack,
  StackSummary,
} from "@pulumi/pulumi/automation";
import { say } from "../lib/output";
import { findPulumi, stackIn, workspaceIn } from "./engine";
import * as errors from "./errors";
import { durationOf } from "./life";
import { absoluteBackend, emptyProject, modulesAround, projectIn, stackFile, templateIn } from "./project";
import { ageOf, explained, lockIn } from "./pulumi-errors";
import { pullRequestOf } from "./pull-request";
import { isPreviewOf, OWNER_TAG, ownerOf, tagsOf, type PreviewRecord, type Tags } from "./record";
import { namespaceOf, repositoryOf, type RepositoryFlags } from "./repository";

/** What all commands about previews take. */
export interface PlaceFlags extends RepositoryFlags {
  program: string;
  project?: string;
  template?: string;
  forceUnlock?: true;
  unlockAfter?: string;
}

/** How many stacks are asked at the same time: each is a process of the CLI. */
const AT_ONCE = 4;

/** The previews of one namespace and project, in the state backend. */
export class Place {
  private constructor(
    readonly program: string,
    readonly project: string,
    readonly namespace: string,
    readonly repository: string | undefined,
    readonly organization: string,
    readonly template: string | undefined,
    private readonly pulumi: PulumiCommand,
    /** A folder with no program in it. */
    private readonly empty: { folder: string; workspace: LocalWorkspace },
    private readonly env: Record<string, string>,
    private readonly flags: PlaceFlags,
  ) {}

  /** Opens it for some work, and tidies up after that. Nothing is changed by it. */
  static async open<T>(flags: PlaceFlags, work: (place: Place) => Promise<T>): Promise<T> {
    if (flags.unlockAfter !== undefined) durationOf("--unlock-after", flags.unlockAfter);
    const program = path.resolve(flags.program);
    const namespace = namespaceOf(flags, program);
    const repository = repositoryOf(flags);
    const file = projectIn(program);
    const project = flags.project ?? file?.name;
    if (project === undefined) throw errors.projectUnknown(program);
    const template = templateIn(program, flags.template);
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
      const organization = await organizationOf(workspace, pulumi.command);
      const place = new Place(
        program,
        project,
        namespace,
        repository,
        organization,
        template,
        pulumi,
        { folder, workspace },
        env,
        flags,
      );
      return await work(place);
    } finally {
      project_.remove();
    }
  }

  /** Whether there is a program to bring up. */
  get hasProgram(): boolean {
    return projectIn(this.program) !== undefined;
  }

  /** Stacks of this project whose name is that of a preview. */
  async stacks(): Promise<StackSummary[]> {
    const all = await this.asked(() => this.empty.workspace.listStacks());
    return all.filter(({ name }) => pullRequestOf(shortName(name)) !== undefined);
  }

  async stack(name: string): Promise<StackSummary | undefined> {
    return (await this.stacks()).find((one) => shortName(one.name) === name);
  }

  tags(stack: string): Promise<Tags> {
    return this.asked(() => this.empty.workspace.listTags(stack));
  }

  /** The previews of this namespace that stacks are there for, with what is known of them. */
  async previews(): Promise<{ pullRequest: number; stack: string; summary: StackSummary; tags: Tags }[]> {
    const stacks = await this.stacks();
    const found: Awaited<ReturnType<Place["previews"]>> = [];
    await atOnce(AT_ONCE, stacks, async (summary) => {
      const stack = shortName(summary.name);
      const pullRequest = pullRequestOf(stack)!;
      const tags = await this.tags(stack);
      if (isPreviewOf(stack, tags, this.namespace, pullRequest))
        found.push({ pullRequest, stack, summary, tags });
    });
    return found.sort((one, other) => one.pullRequest - other.pullRequest);
  }

  async create(stack: string): Promise<void> {
    await this.asked(() => this.empty.workspace.createStack(stack));
  }

  /** Says whose preview a stack is, and what else is known of it. */
  own(stack: string, pullRequest: number, record: Partial<PreviewRecord>): Promise<void> {
    return this.tag(stack, { [OWNER_TAG]: ownerOf(this.namespace, pullRequest), ...tagsOf(record) });
  }

  note(stack: string, record: Partial<PreviewRecord>): Promise<void> {
    return this.tag(stack, tagsOf(record));
  }

  export(stack: string): Promise<Deployment> {
    return this.asked(() => this.empty.workspace.exportStack(stack));
  }

  /** The configuration of a preview, in a file that is nobody's. */
  configure(stack: string, pullRequest: number, encryption?: Record<string, string>): string {
    const file = path.join(this.empty.folder, `Pulumi.${stack}.yaml`);
    const config = {
      [OWNER_TAG]: ownerOf(this.namespace, pullRequest),
      "mags:namespace": this.namespace,
      [`${this.project}:pullRequest`]: String(pullRequest),
    };
    writeFileSync(file, stackFile(this.template, config, encryption));
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
        throw errors.locked(stack, lock.since, `mags-iac preview down --pr ${pullRequestOf(stack)}`);
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
 * What `pulumi.getOrganization()` says in a program. Backends without organizations all have the same; with the
 * service, stacks are made in the default one, which is the user's own unless another is set.
 */
async function organizationOf(workspace: LocalWorkspace, pulumi: string): Promise<string> {
  try {
    const { url, user } = await workspace.whoAmI();
    if (!/^https?:/.test(url ?? "")) return "organization";
    const { status, stdout } = spawnSync(pulumi, ["org", "get-default"], { encoding: "utf8" });
    return (status === 0 && /^[\w.-]+$/.exec(stdout.trim())?.[0]) || user;
  } catch (error) {
    throw explained(error);
  }
}

/** Does something with each, a few at the same time. */
export async function atOnce<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, queue.length) }, worker));
}
