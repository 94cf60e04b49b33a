import { spawn } from "node:child_process";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { print, printJson, say } from "../lib/output";
import { inUtc } from "../lib/time";
import { runPage, warn, writeOutputs, writeSummary } from "./actions";
import { FoundAgain, SKIP_CHECKPOINTS } from "./checkpoints";
import { isClosed, removeClosed } from "./closed";
import type { Told } from "./comment-text";
import { remove } from "./down";
import { finishing } from "./engine";
import * as errors from "./errors";
import { GitHub } from "./github";
import { durationOf, expiryOf } from "./life";
import { stateIn } from "../state/stack-state";
import { Place, type PlaceFlags } from "./place";
import { encryptionOf } from "./project";
import { explained, firstError, isOfPulumi } from "./pulumi-errors";
import { pullRequestNumber, stackOf } from "./pull-request";
import { OWNER_TAG, isPreviewOf, ownerOf, recordOf, type PreviewRecord } from "./record";
import { commitOf } from "./repository";
import { tellGitHub } from "./sticky";
import { urlOf, waitForAnswer } from "./url";

export interface UpFlags extends PlaceFlags {
  pr: string;
  sha?: string;
  ttl: string;
  maxTtl: string;
  urlOutput: string;
  path?: string;
  /** False by `--no-wait`. */
  wait: string | false;
  seed?: string;
  comment?: true;
  json?: true;
}

const CHANGES: Record<string, string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** Brings a preview up, or up to date. */
export async function up(flags: UpFlags): Promise<void> {
  const pullRequest = pullRequestNumber(flags.pr);
  const ttl = durationOf("--ttl", flags.ttl);
  const longest = durationOf("--max-ttl", flags.maxTtl);
  const patience = flags.wait === false ? undefined : durationOf("--wait", flags.wait);
  if (ttl > longest) throw errors.lifeTooLong(flags.ttl, flags.maxTtl);
  await Place.open(
    flags,
    async (place) => {
      const gitHub = await GitHub.look(place.repository, { must: flags.comment });
      if (gitHub && (await isClosed(gitHub, pullRequest, flags.comment === true)))
        return removeClosed(place, gitHub, pullRequest, flags);
      if (!place.hasProgram) throw errors.programMissing(place.program);
      await new Up(
        place,
        flags,
        pullRequest,
        { ttl, longest, patience },
        flags.comment ? gitHub : undefined,
      ).run();
    },
    (number) => `mags-iac preview up --pr ${number} --force-unlock`,
  );
}

class Up {
  private readonly stack: string;
  private record: Partial<PreviewRecord> = {};
  private configFile = "";
  /** Whether the first update is to make the stack too, as a resource. */
  private isNew = false;
  /** Nothing is noted on a stack before it is known whose it is. */
  private isOurs = false;

  constructor(
    private readonly place: Place,
    private readonly flags: UpFlags,
    private readonly pullRequest: number,
    private readonly times: { ttl: number; longest: number; patience: number | undefined },
    private readonly gitHub: GitHub | undefined,
  ) {
    this.stack = stackOf(pullRequest);
  }

  async run(): Promise<void> {
    const { flags, place, stack } = this;
    try {
      await this.claim();
      const { changes, outputs } = await this.update();
      this.record.changes = changes;
      await this.note({ changes, sha: this.record.sha });
      const { url, problem } = urlOf(outputs, flags.urlOutput, await place.export(stack));
      if (this.times.patience !== undefined) {
        if (url === undefined) throw errors.noUrl(stack, flags.urlOutput, problem);
        say(`waiting for ${url}`);
        await waitForAnswer(url, flags.path, this.times.patience);
      }
      this.record.url = url;
      await this.note({ url });
      if (flags.seed !== undefined && !this.record.seeded) await this.seed(flags.seed);
      await this.note({ error: "" });
      this.result();
      await this.tell(this.told());
    } catch (error) {
      // How it ends is for the run that is at work on it to tell.
      if (!(error instanceof errors.LockedError)) await this.failed(error as Error);
      throw error;
    }
  }

  /** Makes the stack ours, and writes down until when it is to be, before anything else is made. */
  private async claim(): Promise<void> {
    const { place, pullRequest, stack } = this;
    const existing = await place.find(stack);
    const tags = existing ?? {};
    const exported = existing ? await place.export(stack) : {};
    if (existing && !isPreviewOf(stack, tags, place.namespace, pullRequest)) {
      const owner = tags[OWNER_TAG];
      if (owner !== undefined) throw errors.stackOfOther(stack, owner, ownerOf(place.namespace, pullRequest));
      // A run that was killed as it began leaves a stack that holds nothing, and no word of whose it is.
      if (stateIn(exported).everything.length > 0) throw errors.stackNotPreview(stack);
    }
    const now = Date.now();
    const known = recordOf(tags);
    const created = known.created ?? now;
    const expires = expiryOf(now, created, this.times.ttl, this.times.longest);
    if (expires <= now) {
      say(`${stack}: its longest life (--max-ttl) is over, so it is removed and made anew`);
      await remove(place, pullRequest);
      return this.claim();
    }
    this.isNew = stateIn(exported).everything.length === 0;
    this.configFile = place.configure(stack, pullRequest, encryptionOf(exported));
    if (!existing) await place.create(stack);
    this.record = {
      ...known,
      created,
      expires,
      sha: this.flags.sha ?? commitOf(place.program),
    };
    await place.own(stack, pullRequest, { created, expires });
    this.isOurs = true;
  }

  /** Plans first, so that a program that is refused has not made anything. */
  private async update(): Promise<{ changes: string; outputs: OutputMap }> {
    const { place, pullRequest, record, stack } = this;
    const withProgram = await place.withProgram(stack, {
      MAGS_PREVIEW_PULL_REQUEST: String(pullRequest),
      ...(record.sha === undefined ? {} : { MAGS_PREVIEW_SHA: record.sha }),
    });
    const options = {
      color: "never",
      suppressProgress: true,
      configFile: this.configFile,
      message: `preview of pull request #${pullRequest}${record.sha ? ` at ${record.sha}` : ""}`,
      onOutput: (text: string) => process.stderr.write(text),
      onError: (text: string) => process.stderr.write(text),
    } as const;
    const found = new FoundAgain();
    await finishing((signal) =>
      this.pulumi(errors.programFails, () =>
        withProgram.preview({ ...options, signal, onEvent: found.onEvent }),
      ),
    );
    if (this.isNew && found.all && process.env[SKIP_CHECKPOINTS] === undefined)
      Object.assign(withProgram.workspace.envVars, { [SKIP_CHECKPOINTS]: "true" });
    const result = await finishing((signal) =>
      this.pulumi(errors.upFailed, () =>
        withProgram.up({ ...options, signal, refresh: true, showSecrets: false }),
      ),
    );
    return { changes: changesOf(result.summary.resourceChanges, this.isNew), outputs: result.outputs };
  }

  private async pulumi<T>(
    otherwise: (stack: string, detail: string) => Error,
    work: () => Promise<T>,
  ): Promise<T> {
    const { place, stack } = this;
    try {
      return await place.unlocked(stack, work);
    } catch (error) {
      if (!isOfPulumi(error)) throw error;
      throw explained(error, (detail) => otherwise(stack, detail), { atWork: true });
    }
  }

  /** Once, after the first time that everything was up. */
  private async seed(command: string): Promise<void> {
    say(`seeding: ${command}`);
    const ending = await new Promise<string | undefined>((resolve, reject) => {
      const child = spawn(command, {
        shell: true,
        cwd: this.place.program,
        // Our stdout is for the result alone.
        stdio: ["ignore", process.stderr, process.stderr],
        env: {
          ...process.env,
          MAGS_PREVIEW_PULL_REQUEST: String(this.pullRequest),
          ...(this.record.url === undefined ? {} : { MAGS_PREVIEW_URL: this.record.url }),
        },
      });
      child.once("error", reject);
      child.once("close", (code, signal) =>
        resolve(signal ? `was ended by ${signal}` : code ? `ended with exit code ${code}` : undefined),
      );
    });
    if (ending !== undefined) throw errors.seedFailed(command, ending);
    this.record.seeded = true;
    await this.note({ seeded: true });
  }

  private told(): Told {
    const { created, expires } = this.record;
    return { ...this.record, state: "up", isRenewable: expires! < created! + this.times.longest };
  }

  private note(record: Partial<PreviewRecord>): Promise<void> {
    return this.place.note(this.stack, record);
  }

  private result(): void {
    const { flags, record, stack } = this;
    const { changes, url } = record;
    const expires = new Date(record.expires!).toISOString();
    writeOutputs({ url, stack, changes, expires });
    writeSummary({ ...this.told(), run: runPage() });
    if (flags.json)
      printJson({
        pullRequest: this.pullRequest,
        stack,
        url: url ?? null,
        sha: record.sha ?? null,
        changes,
        expires,
      });
    else print(`${url ?? stack}\n${changes}; expires ${inUtc(record.expires!)}\n`);
  }

  /** What failed is written down where `list` finds it. What keeps that from being written is the lesser news. */
  private async failed(error: Error): Promise<void> {
    const told: Told = { ...this.record, state: "failed" };
    writeSummary({ ...told, run: runPage() });
    try {
      if (this.isOurs) await this.note({ error: firstError(error.message) });
    } catch (failure) {
      warn((failure as Error).message);
    }
    await this.tell(told);
  }

  private async tell(told: Told): Promise<void> {
    const { gitHub, place, pullRequest, stack } = this;
    if (!gitHub) return;
    const subject = { project: place.project, stack, pullRequest };
    // The preview is what was asked for, so what GitHub does not take does not make it fail.
    for (const { message } of await tellGitHub(gitHub, subject, { ...told, run: runPage() })) warn(message);
  }
}

/** In words what a run has changed. The stack itself is no change, though the first run counts it as one. */
export function changesOf(given: Partial<Record<string, number>> = {}, isNew = false): string {
  const counts = isNew ? { ...given, create: (given.create ?? 1) - 1 } : given;
  const parts = Object.entries(CHANGES).flatMap(([operation, word]) =>
    counts[operation] ? [`${counts[operation]} ${word}`] : [],
  );
  return parts.length > 0 ? parts.join(", ") : "no changes";
}
