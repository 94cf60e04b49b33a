import { UNKNOWN_TEXT } from "../../provider/host/json";
import { PROVIDER_PROPERTY } from "../../provider/host/properties";
import type { Handler } from "../../provider/host/handler";
import { IDENTITY_PROPERTY, originToHost } from "../../provider/host/origin";
import type { Values } from "../../provider/schema/fields";
import type { Declared, Entry, Failure, HostProcess, Operation, Program, Run } from "./engine-types";
import {
  emptyRun,
  fromHostProcess,
  madeWith,
  never,
  originOf,
  resolveRefs,
  sorted,
  textOf,
  toHostProcess,
  unknownBut,
  withText,
} from "./engine-values";

export { ref } from "./engine-values";
export type * from "./engine-types";

/** Thrown within a run when the process is killed: nothing more is recorded. */
class Killed extends Error {}
/** A failed resource: what depends on it is not tried. */
class Failed extends Error {}

/**
 * A model of Pulumi's engine as far as a provider can tell: what it calls in which order, with which values,
 * and what it keeps in the state when a call succeeds, fails, fails halfway, or never returns. One resource
 * at a time, as with `--parallel 1`, except that a refresh reads all at once.
 */
export class EngineModel {
  private entries: Entry[] = [];
  private runs = 0;
  /**
   * Creates of which no result was recorded. The next run warns of them and calls create again; they stay in
   * the state all the same, until they are cleared by hand.
   */
  pendingCreates = new Set<string>();
  /**
   * As with `PULUMI_SKIP_CHECKPOINTS=true`: the state is written once, at the end of a run, also of one that failed.
   * A kill leaves the state from before it.
   */
  skipsCheckpoints = false;

  constructor(
    private readonly start: (purpose: "preview" | "run") => HostProcess,
    private readonly stack: { project: string; stack: string } = { project: "project", stack: "dev" },
  ) {}

  /** What exists by the state. */
  get state(): readonly Entry[] {
    return this.entries.filter((entry) => !entry.pendingReplacement);
  }

  /** What the state file has besides: resources that were deleted to be replaced, and were not made again. */
  get pendingReplacements(): readonly Entry[] {
    return this.entries.filter((entry) => entry.pendingReplacement);
  }

  entry(name: string): Entry {
    const found = this.state.find((entry) => entry.name === name);
    if (!found) throw new Error(`no resource "${name}" in the state`);
    return found;
  }

  exportState(): Entry[] {
    return structuredClone(this.entries);
  }

  /** Replaces the state, as `pulumi stack import` does. */
  importState(entries: readonly Entry[]): void {
    this.entries = structuredClone([...entries]);
    this.pendingCreates.clear();
  }

  /**
   * Preview, then, if nothing failed in it, update.
   * @param replace logical names of what is replaced on demand (`--replace`)
   */
  async up(program: Program, replace: readonly string[] = []): Promise<Run> {
    const preview = await this.preview(program, replace);
    if (!preview.ok) return { ...preview, steps: [] };
    return this.run((host, run) => this.carryOut(program, replace, host, run, true));
  }

  /** Preview alone: what an update would do. */
  async preview(program: Program, replace: readonly string[] = []): Promise<Run> {
    return this.run((host, run) => this.carryOut(program, replace, host, run, false), "preview");
  }

  async destroy(): Promise<Run> {
    return this.run(async (host, run) => {
      if (this.refuseProtected(this.entries, run)) return;
      await this.remove([...this.entries], host, run);
    });
  }

  /** Reads everything at once. Answers that are there are applied even when others fail. */
  async refresh(): Promise<Run> {
    return this.run(async (host, run) => {
      await Promise.all(
        [...this.state].map(async (entry) => {
          const read = await this.call(host, run, entry.name, "read", () =>
            host.handler(entry.kind).read(entry.id, toHostProcess(entry.outputs)),
          ).catch(ignoreFailed);
          if (read) await this.applyRead(entry, fromHostProcess(read), host, run);
        }),
      );
    });
  }

  private async run(
    work: (host: HostProcess, run: Run) => Promise<void>,
    purpose: "preview" | "run" = "run",
  ): Promise<Run> {
    const run = emptyRun();
    const before = { entries: this.exportState(), pendingCreates: new Set(this.pendingCreates) };
    this.runs++;
    const host = this.start(purpose);
    const killed = host.died.then(() => {
      throw new Killed("killed");
    });
    // The race below listens; a kill after the end of the run interests nobody.
    killed.catch(() => undefined);
    try {
      await Promise.race([work(host, run), killed]);
    } catch (error) {
      if (error instanceof Killed) run.killed = true;
      else if (!(error instanceof Failed)) throw error;
    } finally {
      await host.end();
    }
    if (run.killed && this.skipsCheckpoints) Object.assign(this, before);
    run.ok = !run.killed && run.failures.length === 0;
    return run;
  }

  private async carryOut(
    program: Program,
    replace: readonly string[],
    host: HostProcess,
    run: Run,
    real: boolean,
  ): Promise<void> {
    const outputs = new Map<string, Values>();
    /** Deleted in this run because something they depend on is replaced. */
    const deleted = new Set<string>();
    for (const declared of program) {
      const onDemand = replace.includes(declared.name);
      outputs.set(declared.name, await this.register(declared, onDemand, outputs, deleted, host, run, real));
    }
    const names = new Set(program.map((declared) => declared.name));
    const left = this.entries.filter((entry) => !names.has(entry.name));
    if (this.refuseProtected(left, run)) return;
    if (real) await this.remove(left, host, run);
    else for (const entry of left) run.steps.push(`delete ${entry.name}`);
  }

  /** One RegisterResource: returns the outputs that others may refer to. */
  private async register(
    declared: Declared,
    onDemand: boolean,
    known: ReadonlyMap<string, Values>,
    deleted: Set<string>,
    host: HostProcess,
    run: Run,
    real: boolean,
  ): Promise<Values> {
    const { name, kind } = declared;
    const handler = host.handler(kind);
    const { values, dependencies } = resolveRefs(declared.args, known);
    const made = madeWith(declared);
    if (made) dependencies[made]!.push(IDENTITY_PROPERTY);
    // What waits to be made again counts as there until it is.
    const old = deleted.has(name) ? undefined : this.entries.find((entry) => entry.name === name);
    const args = {
      ...values,
      [PROVIDER_PROPERTY]: textOf(kind),
      [IDENTITY_PROPERTY]: originToHost({
        ...this.stack,
        ...originOf(declared, known, real ? this.runs : undefined),
      }),
    };
    const check = async (olds: Values): Promise<Values> => {
      const answer = await this.call(host, run, name, "check", () =>
        handler.check(toHostProcess(olds), toHostProcess(args)),
      );
      const { inputs, failures } = fromHostProcess(answer) as Awaited<ReturnType<Handler["check"]>>;
      if (failures.length > 0) {
        const message = failures.map((failure) => `${failure.property}: ${failure.reason}`).join("; ");
        this.fail(run, { name, operation: "check", message });
      }
      return inputs;
    };
    // What is replaced on demand is checked as if it were new, and not asked for a diff.
    const inputs = await check((onDemand ? undefined : old?.inputs) ?? {});
    const fresh: Entry = {
      name,
      kind,
      id: "",
      inputs,
      outputs: {},
      initErrors: [],
      protect: declared.protect ?? false,
      dependencies,
    };
    if (!old) return this.create(fresh, host, run, real);
    const { changes, replaces } = onDemand
      ? { changes: true, replaces: ["id"] }
      : await this.diff(old, inputs, host, run);
    if (replaces.length > 0 || old.pendingReplacement) {
      await this.deleteBeforeReplace(old, deleted, host, run, real);
      return this.create({ ...fresh, inputs: onDemand ? inputs : await check({}) }, host, run, real);
    }
    if (!changes && old.initErrors.length === 0) {
      const outputs = { ...old.outputs, id: old.id };
      if (!real) return unknownBut(outputs);
      Object.assign(old, { inputs, protect: fresh.protect, dependencies });
      return outputs;
    }
    run.steps.push(`update ${name}`);
    if (!real) return unknownBut({ ...inputs, id: old.id });
    const outs = await this.call(
      host,
      run,
      name,
      "update",
      () => handler.update(old.id, toHostProcess(old.outputs), toHostProcess(inputs)),
      (id, properties, reasons) => {
        // A partial update keeps the old inputs.
        this.put({ ...old, id, outputs: properties, initErrors: reasons });
      },
    );
    const updated = { ...fresh, id: old.id, outputs: withText(fromHostProcess(outs).outs as Values, kind) };
    this.put(updated);
    return { ...updated.outputs, id: updated.id };
  }

  private async create(fresh: Entry, host: HostProcess, run: Run, real: boolean): Promise<Values> {
    const { name, kind, inputs } = fresh;
    run.steps.push(`create ${name}`);
    if (!real) return unknownBut(inputs);
    const pending = this.pendingCreates.has(name);
    this.pendingCreates.add(name);
    let created: Awaited<ReturnType<Handler["create"]>>;
    try {
      created = await this.call(
        host,
        run,
        name,
        "create",
        () => host.handler(kind).create(toHostProcess(inputs)),
        (id, properties, reasons) => this.put({ ...fresh, id, outputs: properties, initErrors: reasons }),
      );
    } catch (error) {
      // A failure that was answered is recorded; only a kill leaves the entry.
      if (error instanceof Failed && !pending) this.pendingCreates.delete(name);
      throw error;
    }
    if (!pending) this.pendingCreates.delete(name);
    const { id, outs } = fromHostProcess(created) as { id: string; outs: Values };
    const entry = { ...fresh, id, outputs: withText(outs, kind) };
    this.put(entry);
    return { ...entry.outputs, id };
  }

  /** What depends on it by something that would replace it goes first, then the resource itself. */
  private async deleteBeforeReplace(
    old: Entry,
    deleted: Set<string>,
    host: HostProcess,
    run: Run,
    real: boolean,
  ): Promise<void> {
    const doomed = [old];
    for (const entry of this.entries) {
      const through = doomed.flatMap((other) => entry.dependencies[other.name] ?? []);
      if (through.length === 0 || doomed.includes(entry)) continue;
      const unknown = Object.fromEntries(through.map((property) => [property, UNKNOWN_TEXT]));
      const { replaces } = await this.diff(entry, { ...entry.inputs, ...unknown }, host, run);
      if (replaces.length > 0) doomed.push(entry);
    }
    if (this.refuseProtected(doomed, run)) throw new Failed("protected");
    for (const entry of doomed) deleted.add(entry.name);
    // It went in an earlier run, only what depends on it may be there.
    if (old.pendingReplacement) doomed.shift();
    if (real) await this.remove(doomed, host, run, true);
    else for (const entry of doomed.reverse()) run.steps.push(`delete ${entry.name}`);
  }

  private async diff(
    old: Entry,
    inputs: Values,
    host: HostProcess,
    run: Run,
  ): Promise<{ changes: boolean; replaces: string[] }> {
    const answer = await this.call(host, run, old.name, "diff", () =>
      host.handler(old.kind).diff(old.id, toHostProcess(old.outputs), toHostProcess(inputs)),
    );
    const { changes, replaces } = fromHostProcess(answer) as Awaited<ReturnType<Handler["diff"]>>;
    if (changes === false) return { changes: false, replaces: [] };
    // Without a verdict the engine compares old and new inputs itself.
    const differ = changes === true || JSON.stringify(sorted(old.inputs)) !== JSON.stringify(sorted(inputs));
    return { changes: differ, replaces: replaces ?? [] };
  }

  private async applyRead(entry: Entry, read: Values, host: HostProcess, run: Run): Promise<void> {
    const { id, props, inputs } = read as Awaited<ReturnType<Handler["read"]>>;
    if (!id) {
      run.gone.push(entry.name);
      this.drop(entry);
      // Nothing depends on what is gone.
      for (const other of this.entries) delete other.dependencies[entry.name];
      return;
    }
    const old = { ...entry };
    entry.outputs = withText(props ?? {}, entry.kind);
    if (inputs) entry.inputs = withText(inputs, entry.kind);
    entry.initErrors = [];
    const { changes } = await this.diff(entry, old.inputs, host, run);
    if (changes) run.drifted.push(entry.name);
  }

  /** Deletes in the reverse of the order in which they were made. */
  private async remove(entries: Entry[], host: HostProcess, run: Run, replacing = false): Promise<void> {
    const order = this.entries.filter((entry) => entries.includes(entry)).reverse();
    for (const entry of order) {
      // It exists in the state only: nobody is called, though a replacement counts it as a step.
      if (entry.pendingReplacement) {
        if (replacing) run.steps.push(`delete ${entry.name}`);
        else this.drop(entry);
        continue;
      }
      run.steps.push(`delete ${entry.name}`);
      await this.call(host, run, entry.name, "delete", () =>
        host.handler(entry.kind).delete(entry.id, toHostProcess(entry.outputs)),
      );
      if (replacing) entry.pendingReplacement = true;
      else this.drop(entry);
    }
  }

  private refuseProtected(entries: readonly Entry[], run: Run): boolean {
    const kept = entries.filter((entry) => entry.protect);
    for (const { name } of kept)
      run.failures.push({ name, operation: "delete", message: `${name} is protected` });
    return kept.length > 0;
  }

  /** One call into the provider, which may fail, fail halfway (`keep`), or never return. */
  private async call<T>(
    host: HostProcess,
    run: Run,
    name: string,
    operation: Operation,
    work: () => Promise<T>,
    keep?: (id: string, properties: Values, reasons: string[]) => void,
  ): Promise<T> {
    try {
      const value = await work();
      if (host.dead) return await never();
      return value;
    } catch (error) {
      // What a dying process still says reaches nobody.
      if (host.dead) return never();
      if (!(error instanceof Error))
        throw new Error("the host never answers when no Error is thrown", { cause: error });
      const { id, properties, reasons } = error as { id?: string; properties?: Values; reasons?: string[] };
      if (id) {
        if (!keep) throw new Error(`${operation} must not throw an error with an id`, { cause: error });
        // The host does not add the provider's text here.
        keep(id, fromHostProcess({ properties: properties ?? {} }).properties as Values, reasons ?? []);
      }
      return this.fail(run, { name, operation, message: error.message });
    }
  }

  private fail(run: Run, failure: Failure): never {
    run.failures.push(failure);
    throw new Failed(failure.message);
  }

  private put(entry: Entry): void {
    const kept = { ...entry, outputs: structuredClone(entry.outputs), inputs: structuredClone(entry.inputs) };
    const index = this.entries.findIndex((other) => other.name === entry.name);
    if (index >= 0) this.entries[index] = kept;
    else this.entries.push(kept);
  }

  private drop(entry: Entry): void {
    this.entries = this.entries.filter((other) => other.name !== entry.name);
  }
}

function ignoreFailed(error: unknown): undefined {
  if (!(error instanceof Failed)) throw error;
  return undefined; // recorded in the run; the other reads go on
}
