import { randomUUID } from "node:crypto";
import { ROUTES, routeName } from "./routes";

/** What can go wrong on demand. */
export const FAULT_KINDS = {
  "rate-limit": "429 with Retry-After: `retryAfter` seconds, or as an HTTP date with `date: true`",
  "error-before": "`status` (default 500) without any effect",
  "error-after": "`status` (default 500) after the effect",
  "edge-524": "524 with a page of plain text, after the effect",
  "close-before": "connection closed without any effect",
  "close-after": "connection closed after the effect",
  "late-effect":
    "no answer; the effect lands `delayMs` later (default 35000), whether or not the caller waits",
  slow: "the answer, but not the effect, comes `delayMs` later (default 3000)",
  "stale-list": "a list as it was when the same page was last read, empty if it never was",
  "truncated-list": "a list without its last `drop` entries (default half of them), `total` included",
  "not-found": "404 although the object exists, as just after a create",
  "no-vm-id": "on create: the job runs but never gets a VM id",
  "phantom-vm": "on create: once ready the VM is gone, but stays listed as running",
  "vm-ends": "on create: the VM ends at once",
  "boot-fails": "on create: the job goes to `error` instead of `running`",
  "wake-fails": "waking fails (on any route that wakes, or on `WAKE`)",
  "sync-fails": "syncing fails (on sync and stop; a stop then loses what was not synced)",
  "conflict-500": "a conflict is answered as 500",
  "conflict-409": "a conflict is answered as 409",
  "incomplete-access": "access succeeds, but without `url` and `subdomain`",
  "incomplete-status": "a status that holds `status` and no other field",
  "error-object": "the `error` of an error body is an object",
} as const;

/** Name of a fault. */
export type FaultKind = keyof typeof FAULT_KINDS;

/** A fault that is switched on for some requests. */
export interface FaultRule {
  kind: FaultKind;
  /**
   * Route it applies to: `METHOD /path` in the words of the routes table, only a method, `*`, or what the
   * emulator does by itself: `WAKE` (by URL), `SYNC` (every 30 s), `FIRE` (of a cron job). `*` stands for every
   * request and for `WAKE`. @default "*"
   */
  route?: string;
  /** Only requests whose path or JSON body contains this text. */
  match?: string;
  /** Index of the account it applies to. @default all */
  account?: number;
  /** Matching requests that pass before the fault begins. @default 0 */
  skip?: number;
  /** Matching requests that get the fault. @default 1; 0 = all */
  count?: number;
  /** Chance for each matching request, drawn from `seed`. @default 1 */
  probability?: number;
  /** Seed of the draws. @default 1 */
  seed?: number;
  /** Status of the error kinds. */
  status?: number;
  /** Seconds in Retry-After. @default 1 */
  retryAfter?: number;
  /** Retry-After is sent as a date. @default false */
  date?: boolean;
  /** Milliseconds of `slow` and `late-effect`. */
  delayMs?: number;
  /** Entries that `truncated-list` leaves out. */
  drop?: number;
}

/** A rule with its state. */
export interface ActiveFault extends FaultRule {
  id: string;
  /** Requests that got it. */
  hits: number;
  /** Requests that matched. */
  seen: number;
}

/** What a request looks like to the rules. */
export interface FaultTarget {
  route: string;
  method: string;
  account: number;
  path: string;
  /** The raw body. */
  body: string;
  /** Only rules that name the route apply: what happens by itself uses up no rule that is meant for requests. */
  namedOnly?: boolean;
}

/** The faults that are switched on. */
export class Faults {
  private rules: (ActiveFault & { random: () => number })[] = [];

  /** Switches a rule on; returns its id. */
  inject(rule: FaultRule): string {
    const problem = problemOf(rule);
    if (problem !== undefined) throw new RangeError(problem);
    const id = randomUUID();
    this.rules.push({ ...rule, id, hits: 0, seen: 0, random: generator(rule.seed ?? 1) });
    return id;
  }

  /** Switches one rule off, or all. */
  clear(id?: string): void {
    this.rules = id === undefined ? [] : this.rules.filter((rule) => rule.id !== id);
  }

  /** The rules with their counts. */
  list(): ActiveFault[] {
    return this.rules.map(({ random: _random, ...rule }) => ({ ...rule }));
  }

  /** The first rule that applies among `kinds`; using it counts. */
  take(kinds: readonly FaultKind[], target: FaultTarget): ActiveFault | undefined {
    let found: ActiveFault | undefined;
    for (const rule of this.rules) {
      if (!kinds.includes(rule.kind) || !applies(rule, target)) continue;
      const count = rule.count ?? 1;
      if (count > 0 && rule.hits >= count) continue;
      rule.seen += 1;
      if (rule.seen <= (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && rule.random() >= rule.probability) continue;
      if (found !== undefined) continue;
      rule.hits += 1;
      found = rule;
    }
    return found;
  }
}

/** Reads a rule from text: `kind`, `kind@ROUTE`, then `,key=value` pairs. */
export function parseFault(text: string): FaultRule {
  const [head = "", ...pairs] = text.split(",");
  const [kind = "", route] = head.split("@");
  const rule: Record<string, unknown> = { kind: kind.trim() };
  if (route !== undefined) rule.route = route.trim();
  for (const pair of pairs) {
    const [key = "", value = ""] = pair.split("=", 2);
    const name = key.trim();
    if (name === "match") rule[name] = value;
    else if (name === "date") rule[name] = value === "true" || value === "1";
    else rule[name] = Number(value);
  }
  const problem = problemOf(rule);
  if (problem !== undefined) throw new RangeError(problem);
  return rule as unknown as FaultRule;
}

const NUMBERS = [
  "account",
  "skip",
  "count",
  "probability",
  "seed",
  "status",
  "retryAfter",
  "delayMs",
  "drop",
];

/** Why a value is no fault rule, or undefined. */
export function problemOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "A fault rule must be an object.";
  const rule = value as Record<string, unknown>;
  if (typeof rule.kind !== "string" || !(rule.kind in FAULT_KINDS)) {
    return `A fault needs a kind: one of ${Object.keys(FAULT_KINDS).join(", ")}; not ${String(rule.kind)}.`;
  }
  for (const [key, entry] of Object.entries(rule)) {
    if (key === "kind" || entry === undefined) continue;
    if (key === "route" || key === "match") {
      if (typeof entry !== "string") return `${key} of a fault must be text.`;
      if (key === "route" && !knownRoutes().has(entry)) {
        return `No route is called ${JSON.stringify(entry)}. Use * or one of ${[...knownRoutes()].slice(1).join(", ")}.`;
      }
    } else if (key === "date") {
      if (typeof entry !== "boolean") return "date of a fault must be true or false.";
    } else if (!NUMBERS.includes(key)) {
      return `A fault has no property ${key}, but route, match, date, ${NUMBERS.join(", ")}.`;
    } else if (typeof entry !== "number" || !Number.isFinite(entry) || entry < 0) {
      return `${key} of a fault must be a number of 0 or more.`;
    } else if (key === "status" && !(Number.isInteger(entry) && entry >= 400 && entry <= 599)) {
      return `status of a fault must be a whole number from 400 to 599, not ${entry}.`;
    }
  }
  return undefined;
}

/** What a rule can name as its route. */
function knownRoutes(): Set<string> {
  return new Set([
    "*",
    ...ROUTES.map((route) => route.method),
    ...ROUTES.map(routeName),
    "WAKE",
    "SYNC",
    "FIRE",
  ]);
}

function applies(rule: FaultRule, target: FaultTarget): boolean {
  if (rule.account !== undefined && rule.account !== target.account) return false;
  if (rule.match !== undefined && !target.path.includes(rule.match) && !target.body.includes(rule.match)) {
    return false;
  }
  const route = rule.route ?? "*";
  if (target.namedOnly) return route === target.route;
  return route === "*" || route === target.route || route === target.method;
}

/** A small repeatable generator (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
