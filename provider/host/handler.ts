import { say, thisProcess, type ProcessWide, type Shared } from "./shared";
import type { Clock } from "../api/clock";
import { resolveSettings, resolveToken, type Settings } from "../api/settings";
import * as errors from "../errors";
import type { Values } from "../schema/fields";
import { SCHEMA_VERSION, type Context, type Kind } from "../lifecycle/kind";
import { announcementOf, repairOf } from "../schema/effects";
import { assertAccount, check, difference } from "../schema/plan";
import { trusting } from "../schema/trust";
import { isBug, toHostError } from "./failure";
import { fromHost, stamped, toHost } from "./json";
import { IDENTITY_PROPERTY, originFromHost } from "./origin";
import { PROVIDER_PROPERTY } from "./properties";

/** After its own limit an operation gets this long to report what it knows, before it is given up. */
const GRACE_MS = 30_000;
const READ_SECONDS = 120;

interface HostConfig {
  get(key: string): string | undefined;
}

/** What the host calls. Stateless but for the configuration, which `configure` only stores, and the account that it leads to. */
export interface Handler {
  configure(request: { config: HostConfig }): Promise<void>;
  check(
    olds: unknown,
    news: unknown,
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: unknown,
    news: unknown,
  ): Promise<{ changes?: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: unknown): Promise<{ id: string; outs: Values }>;
  read(id: string, props: unknown): Promise<{ id?: string; props?: Values; inputs?: Values }>;
  update(id: string, olds: unknown, news: unknown): Promise<{ outs: Values }>;
  delete(id: string, props: unknown): Promise<void>;
}

type Operation = "create" | "read" | "update" | "delete";

/**
 * Wraps a kind so that none of the host's traps can be stepped into.
 * @param process what its handlers share; tests give each model of a process its own
 */
export function handlerOf(loadKind: () => Kind, process: ProcessWide = thisProcess): Handler {
  const { claims, proven } = process;
  let config: HostConfig | undefined;
  let settings: Settings | undefined;
  let opened: { token: string; shared: Shared } | undefined;
  let loaded: Kind | undefined;
  const settingsNow = () => (settings ??= resolveSettings((key) => config?.get(`mags:${key}`)));
  const openNow = (current: Settings) => {
    const token = resolveToken(current);
    if (opened?.token !== token) opened = { token, shared: process.open(current, token) };
    return opened.shared;
  };
  const kindNow = () => (loaded ??= loadKind());

  /** Runs one operation with a deadline; whatever it throws leaves as an error that the host can take. */
  async function run<T>(
    operation: Operation,
    name: unknown,
    props: Values,
    providerText: unknown,
    work: (kind: Kind, context: Context, shared: Shared) => Promise<T>,
  ): Promise<T> {
    let redact = (text: string) => text;
    try {
      const kind = kindNow();
      const current = settingsNow();
      if (operation !== "create") assertAccount(kind, current, String(name), props);
      const shared = openNow(current);
      redact = (text) => shared.account.client.transport.redact(text);
      const seconds = secondsFor(kind, operation, props);
      const deadline = shared.account.clock.now() + seconds * 1000;
      const context: Context = { ...shared.account, settings: current, claims, proven, say, deadline };
      const tooLong = () => {
        const error = errors.operationTimedOut(kind.name, String(name), operation, seconds);
        return context.kept?.(error.message) ?? error;
      };
      return await withTimeout(work(kind, context, shared), shared.account.clock, seconds, tooLong);
    } catch (error) {
      const keep = operation === "create" || operation === "update";
      const failure = toHostError(error, providerText, keep);
      // The host shows no stack of these two; that of a bug is worth showing.
      if (keep && isBug(error)) console.error(redact(failure.stack ?? failure.message));
      throw failure;
    }
  }

  return {
    // The host caches the provider before this has settled, so it must be done at once and cannot fail.
    async configure(request) {
      config = request.config;
      settings = undefined;
      opened = undefined;
    },

    async check(olds, news) {
      try {
        const { [IDENTITY_PROPERTY]: told, ...args } = fromHost(news);
        const origin = originFromHost(told);
        // `pulumi import` has no program: what it hands in are the recorded inputs themselves.
        if (!origin && args.unrecorded !== undefined) return { inputs: withText(args, news), failures: [] };
        const kind = kindNow();
        const { inputs, problems } = check(kind, settingsNow(), fromHost(olds), args, origin);
        if (origin && problems.length === 0) claims.declare(origin, kind, inputs);
        // The engine prints the value of the property that a failure names, secret or not, so none is named:
        // the reasons say which field they are about.
        const failures = problems.map(({ reason }) => ({ property: "", reason }));
        return { inputs: withText(inputs, news), failures };
      } catch (error) {
        throw toHostError(error, undefined, false);
      }
    },

    async diff(id, olds, news) {
      try {
        const kind = kindNow();
        const [recorded, wanted] = [migrate(fromHost(olds)), fromHost(news)];
        const { changes, repair, replaces } = difference(kind, settingsNow(), id, recorded, wanted);
        if (changes.length === 0) {
          if (repair) say(repairOf(kind, id, recorded));
          return { changes: repair };
        }
        const announced = announcementOf(kind, id, recorded, wanted, changes);
        if (announced !== undefined) say(announced);
        // `undefined` makes the engine compare the inputs itself, which gives one row per changed property.
        return replaces.length > 0
          ? { changes: undefined, replaces, deleteBeforeReplace: true }
          : { changes: undefined };
      } catch (error) {
        throw toHostError(error, undefined, false);
      }
    },

    async create(inputs) {
      const values = fromHost(inputs);
      const text = textOf(inputs);
      return run("create", nameOf(values), values, text, async (kind, context) => {
        claims.refuseClash(kind, values);
        claims.begin(kind, values);
        const { id, outputs } = await kind.create(context, values);
        return { id, outs: stamped(outputs) };
      });
    },

    async read(id, props) {
      const recorded = migrate(fromHost(props));
      return run("read", id, recorded, textOf(props), async (kind, context, { goneGuard }) => {
        // Without any output of ours this is a look-up by id, where an empty answer would pass for success.
        const lookUp = recorded.schemaVersion === undefined;
        const found = lookUp
          ? await kind.read(context, id, recorded)
          : await goneGuard.judge(context.settings.allowMassGone, () => kind.read(context, id, recorded));
        if (!found && lookUp) throw errors.notFoundToRead(kind.name, id);
        if (!found) return {};
        return {
          id,
          props: stamped(found.outputs),
          ...(found.inputs && !lookUp ? { inputs: toHost(found.inputs) } : {}),
        };
      });
    },

    async update(id, olds, news) {
      const recorded = migrate(fromHost(olds));
      const wanted = fromHost(news);
      return run(
        "update",
        id,
        { ...recorded, timeouts: wanted.timeouts },
        textOf(news),
        async (kind, context) => {
          const { nameField } = kind;
          if ([nameField, "workspaceId"].some((field) => recorded[field] !== wanted[field]))
            claims.refuseClash(kind, wanted);
          const known = trusting(kind.fields, recorded, wanted);
          return { outs: stamped(await kind.update(context, id, known, wanted)) };
        },
      );
    },

    async delete(id, props) {
      const recorded = migrate(fromHost(props));
      await run("delete", id, recorded, textOf(props), async (kind, context) => {
        // A logical rename deletes after it has created, or adopted, the same thing under its new name.
        if (claims.isTaken(kind, recorded))
          context.say(
            `${kind.name} "${id}" now belongs to another resource of this program; it was left alone`,
          );
        else await kind.delete(context, id, recorded);
      });
    },
  };
}

/**
 * Lifts outputs written by older releases to the current shape. Shape 2 added the generation of workspaces, which
 * may be missing in any; shape 3 has the bookkeeping in one text, which `fromHost` has read: nothing has to be lifted.
 */
function migrate(recorded: Values): Values {
  const version = recorded.schemaVersion;
  if (typeof version === "number" && version > SCHEMA_VERSION)
    throw errors.stateTooNew(version, SCHEMA_VERSION);
  return recorded;
}

/** The host keeps what check returns as the inputs, so the provider's text has to be among them. */
function withText(inputs: Values, news: unknown): Values {
  return { ...toHost(inputs), [PROVIDER_PROPERTY]: textOf(news) };
}

function textOf(props: unknown): unknown {
  return (props as Values | undefined)?.[PROVIDER_PROPERTY];
}

function nameOf(values: Values): unknown {
  return values.name ?? values.subdomain;
}

function secondsFor(kind: Kind, operation: Operation, props: Values): number {
  if (operation === "read") return READ_SECONDS;
  const own = (props.timeouts as Partial<Record<Operation, number>> | undefined)?.[operation];
  return own ?? kind.timeouts[operation];
}

function withTimeout<T>(work: Promise<T>, clock: Clock, seconds: number, error: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = clock.after(seconds * 1000 + GRACE_MS, () => reject(error()));
    void work.then(resolve, reject).finally(forget);
  });
}
