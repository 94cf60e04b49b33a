import type { ActiveFault } from "../faults";
import type { Reply } from "../handlers/call";

/** Answers that are kept. */
const REMEMBERED = 200;

/** Lists that are behind or cut. */
export class ListFaults {
  /** The last answer of each list by account and path with query; the oldest are forgotten. */
  private readonly last = new Map<string, unknown>();

  /** Keeps a list for a later stale answer. Handlers build their answers anew, so no copy is needed. */
  remember(account: number, path: string, body: unknown): void {
    if (listKey(body) === undefined) return;
    const key = `${account} ${path}`;
    this.last.delete(key);
    this.last.set(key, body);
    for (const oldest of this.last.keys()) {
      if (this.last.size <= REMEMBERED) break;
      this.last.delete(oldest);
    }
  }

  /** Applies a list fault to an answer; any other answer is left as it is. */
  apply(fault: ActiveFault, account: number, path: string, reply: Reply): Reply {
    const key = listKey(reply.body);
    if (key === undefined) return reply;
    const body = reply.body as Record<string, unknown>;
    if (fault.kind === "stale-list") {
      // Nothing was listed before: as stale as can be is empty.
      return { ...reply, body: this.last.get(`${account} ${path}`) ?? { ...body, [key]: [], total: 0 } };
    }
    const entries = body[key] as unknown[];
    const drop = fault.drop ?? Math.ceil(entries.length / 2);
    const kept = entries.slice(0, Math.max(0, entries.length - drop));
    return { ...reply, body: { ...body, [key]: kept, total: kept.length } };
  }
}

function listKey(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("total" in body)) return undefined;
  return Object.entries(body).find(([, value]) => Array.isArray(value))?.[0];
}
