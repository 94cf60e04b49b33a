import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "./client";
import type { CreatedKind, SeenRoutes, Served } from "./client";

/** What a target may have beyond the API itself. */
export const ABILITIES = {
  clock: "time passes only when the check lets it",
  scripts: "scripts run for real",
  urls: "URLs of VMs can be visited from here",
  accounts: "a second account is there",
  quantity: "dozens of jobs cost nothing",
  loopback: "every VM has a loopback of its own",
  volume: "VMs have a volume at /data",
  "vm loss": "the machine of a VM can be taken away",
  "frequent sync": "running VMs are synced every second or so, not every 30 s",
  edge: "an edge in front gives up what is not answered, and a check may wait for it",
  quirks: "the observed quirks can be relied on",
} as const;

/** Name of an ability. */
export type Ability = keyof typeof ABILITIES;

/** Something that claims to be the Mags API. */
export interface TargetSettings {
  url: string;
  token: string;
  otherToken?: string;
  abilities: readonly Ability[];
  seen: SeenRoutes;
  /** Milliseconds between two looks at something that is waited for. */
  stepMs: number;
  /** Lets time pass. @default it passes by itself */
  pass?: (ms: number) => Promise<void>;
  /** Time now, milliseconds since the epoch. @default of this machine */
  now?: () => number;
  visit?: (url: string, path?: string) => Promise<Served>;
  loseVm?: (requestId: string) => Promise<void>;
}

/** A target as the checks use it. It remembers what was made, and removes it. */
export class Target {
  readonly api: Client;
  /** Another account. */
  readonly other: Client;
  readonly abilities: ReadonlySet<Ability>;
  private readonly run = randomBytes(3).toString("hex");
  private readonly created: { kind: CreatedKind; id: string; by: Client }[] = [];
  private count = 0;

  constructor(private readonly settings: TargetSettings) {
    this.api = this.client(settings.token);
    this.other = this.client(settings.otherToken ?? null);
    this.abilities = new Set(settings.abilities);
  }

  /** A client with another token, or with none. */
  client(token: string | null): Client {
    const client: Client = new Client(this.settings.url, token, this.settings.seen, (kind, id) =>
      this.created.push({ kind, id, by: client }),
    );
    return client;
  }

  /** A name that nobody else uses, valid for every kind of object. */
  name(label: string): string {
    this.count += 1;
    return `t6-${this.run}-${this.count}-${label}`;
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.settings.pass === undefined ? pause(ms) : this.settings.pass(ms);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.settings.now?.() ?? Date.now();
  }

  /** A request to the URL of a VM or an alias. */
  visit(url: string, path?: string): Promise<Served> {
    if (this.settings.visit === undefined) throw new Error("this target's URLs cannot be visited");
    return this.settings.visit(url, path);
  }

  /** The machine of a VM fails. */
  loseVm(requestId: string): Promise<void> {
    if (this.settings.loseVm === undefined) throw new Error("this target's VMs cannot be taken away");
    return this.settings.loseVm(requestId);
  }

  /** Waits until `look` gives something, for at most `budgetMs` of the target's time. */
  async until<T>(
    what: string,
    look: () => Promise<T | undefined | false>,
    { budgetMs = 30_000, stepMs = this.settings.stepMs } = {},
  ): Promise<T> {
    const deadline = this.now() + budgetMs;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (this.now() >= deadline) assert.fail(`not within ${budgetMs / 1000} s: ${what}`);
      await this.pass(stepMs);
    }
  }

  /** Removes everything that was made through the clients of this target; tells what could not be removed. */
  async cleanUp(): Promise<string[]> {
    const left: string[] = [];
    const all = this.created.splice(0);
    const of = (kind: CreatedKind) => all.filter((entry) => entry.kind === kind);
    for (const { id, by } of of("alias")) {
      const { status, text } = await by.delete(`/mags-url-aliases/${encodeURIComponent(id)}`);
      if (status >= 400 && status !== 404) left.push(`alias ${id}: ${status} ${text}`);
    }
    for (const { id, by } of of("cron")) {
      const { status, text } = await by.delete(`/mags-cron/${encodeURIComponent(id)}`);
      if (status >= 400 && status !== 404) left.push(`cron job ${id}: ${status} ${text}`);
    }
    const jobs = of("job");
    const active = async (by: Client, id: string): Promise<boolean> => {
      const { status, body } = await by.get(`/mags-jobs/${encodeURIComponent(id)}/status`);
      return status < 400 && ["pending", "running", "sleeping"].includes(body?.status);
    };
    const stopping = [];
    for (const { id, by } of jobs) {
      if (!(await active(by, id))) continue;
      // What it answers matters less than whether the job is over afterwards.
      await by.post(`/mags-jobs/${encodeURIComponent(id)}/stop`);
      stopping.push({ id, by });
    }
    for (const { id, by } of stopping) {
      try {
        await this.until(`job ${id} has ended`, async () => !(await active(by, id)), { budgetMs: 120_000 });
      } catch (error) {
        left.push(`job ${id}: ${String(error)}`);
      }
    }
    const workspaces = new Map(of("workspace").map((entry) => [`${entry.by.token} ${entry.id}`, entry]));
    for (const { id, by } of workspaces.values()) {
      const { status, text } = await by.delete(`/mags-workspaces/${encodeURIComponent(id)}`);
      if (status >= 400 && status !== 404) left.push(`workspace ${id}: ${status} ${text}`);
    }
    return left;
  }
}
