import { explain } from "../../provider/api/explain";
import type { Settings } from "../../provider/api/settings";
import { onScreen, type Key, type Screen } from "../lib/screen";
import { startOf } from "../lib/table";
import type { Owners } from "../state/owners";
import { askDetails, withKnown, type Details, type Fleet, type FleetObject } from "./read";
import { fleetTable, totalsInWords, totalsOf, type Usage } from "./table";
import type { Source } from "./source";

/** What is on the screen, and from where. */
interface View {
  fleet?: Fleet;
  usage?: Usage;
  owners?: Owners;
  readAt?: number;
  /** Why the last look failed; what was seen before stays. */
  failure?: string;
  /** The first row that is shown. */
  top: number;
}

/** Shows what is in the account, again and again in place, until it is told to end. */
export async function watch(source: Source, { intervalMs }: { intervalMs: number }): Promise<void> {
  // What cannot be read at all, such as with a wrong token, is a failure, not a screen.
  const first = await source.read();
  const messageOf = (error: unknown) => explain(error, source.endpointNamed).message;
  const details: Details = new Map();
  const view: View = { ...first, readAt: source.account.clock.now(), top: 0 };
  let ended = false;
  let wake = () => {};
  let draw = () => {};
  let look = () => {};

  const onKey = (key: Key) => {
    if (key === "quit") {
      ended = true;
      wake();
    } else {
      view.top = moved(key, view, source.settings);
      draw();
      look();
    }
  };
  await onScreen(
    async (screen) => {
      const now = () => source.account.clock.now();
      draw = () => {
        if (!ended) screen.draw(linesOf(view, details, source, screen.size(), now(), intervalMs));
      };
      look = () => {
        // Only of what is seen is more asked than the lists tell.
        void askDetails(source.account, seen(view, screen), details).then(draw, (error: unknown) => {
          view.failure = messageOf(error);
          draw();
        });
      };
      source.onOwners((owners) => {
        view.owners = owners;
        draw();
      });
      draw();
      look();
      while (!ended) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, intervalMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        if (ended) break;
        try {
          const reading = source.read();
          const quit = new Promise<undefined>((resolve) => (wake = () => resolve(undefined)));
          const next = await Promise.race([reading, quit]);
          if (next) Object.assign(view, next, { readAt: now(), failure: undefined });
        } catch (error) {
          view.failure = messageOf(error);
        }
        draw();
        look();
      }
    },
    { onKey, onResize: () => draw() },
  );
  // A look that is still on its way is of no use to anybody.
  process.exit(0);
}

/** Lines above and below the rows. */
function frame(view: View, source: Pick<Source, "settings">, columns: number) {
  const { fleet, usage, failure } = view;
  const totals = totalsInWords(totalsOf(fleet?.objects ?? [], fleet?.endedJobs ?? 0, usage), columns);
  return {
    totals,
    above: 1 + totals.length + (failure ? 1 : 0) + 2,
    below: 1,
    account: source.settings.account,
  };
}

function room(view: View, settings: Settings, size: { columns: number; rows: number }): number {
  const { above, below } = frame(view, { settings }, size.columns);
  return Math.max(1, size.rows - above - below);
}

function seen(view: View, screen: Screen): FleetObject[] {
  return (view.fleet?.objects ?? []).slice(view.top, view.top + screen.size().rows);
}

function moved(key: Key, view: View, settings: Settings): number {
  const { columns, rows } = process.stdout;
  const page = room(view, settings, { columns, rows });
  const last = Math.max(0, (view.fleet?.objects.length ?? 0) - page);
  const to: Record<Exclude<Key, "quit">, number> = {
    up: view.top - 1,
    down: view.top + 1,
    "page-up": view.top - page,
    "page-down": view.top + page,
    first: 0,
    last,
  };
  return Math.min(last, Math.max(0, key === "quit" ? view.top : to[key]));
}

function linesOf(
  view: View,
  details: Details,
  source: Source,
  { columns, rows }: { columns: number; rows: number },
  now: number,
  intervalMs: number,
): string[] {
  const { totals, account } = frame(view, source, columns);
  const page = room(view, source.settings, { columns, rows });
  const all = view.fleet?.objects ?? [];
  view.top = Math.min(view.top, Math.max(0, all.length - page));
  const end = Math.min(all.length, view.top + page);
  const time = new Date(view.readAt ?? now).toISOString().slice(11, 19);
  const table = fleetTable(withKnown(all, details, view.owners), now, columns, [view.top, end]);
  const where =
    all.length > page ? `${view.top + 1}-${end} of ${all.length}  ↑ ↓ space b g G: move  q: end` : "q: end";
  const lines = [
    startOf(`Account ${account}, ${time} UTC, every ${intervalMs / 1000} s`, columns),
    ...totals,
    ...(view.failure ? [startOf(`Not up to date: ${view.failure}`, columns)] : []),
    "",
    ...(all.length > 0 ? table : [startOf("There is nothing in this account.", columns)]),
  ];
  while (lines.length < rows - 1) lines.push("");
  return [...lines.slice(0, rows - 1), startOf(where, columns)];
}
