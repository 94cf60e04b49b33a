import { IDENTITY_PROPERTY, originToHost } from "../../../provider/host/origin";
import { PROVIDER_PROPERTY } from "../../../provider/host/properties";
import type { KindName, Values } from "../../../provider/schema/fields";
import type { HostProcess } from "../../support/engine-model";
import { fromHostProcess, originOf, textOf, toHostProcess } from "../../support/engine-values";
import type { TestAccount } from "./cloud";

/** A resource as the engine hands it around: what is enough to read and delete it. */
export interface Made {
  kind: KindName;
  id: string;
  outputs: Values;
}

/**
 * One run of the engine with a provider process of its own, that carries out many operations at once. The model of
 * the engine makes one resource after the other, as with `--parallel 1`.
 */
export class ParallelRun {
  private readonly process: HostProcess;

  constructor(private readonly account: TestAccount) {
    this.process = account.startProcess("run");
  }

  /** Creates what `args` say for each number below `count`, `atOnce` at a time. */
  async create(
    kind: KindName,
    count: number,
    args: (index: number) => Values = () => ({}),
    atOnce = count,
  ): Promise<Made[]> {
    return this.each(count, atOnce, async (index) => {
      const handler = this.process.handler(kind);
      const inputs = await this.checked(kind, `${kind.toLowerCase()}${index}`, args(index));
      const { id, outs } = fromHostProcess(await handler.create(toHostProcess(inputs)));
      return { kind, id: String(id), outputs: outs as Values };
    });
  }

  /** What a read says of each: its outputs, or undefined when it is gone. */
  async read(made: readonly Made[], atOnce = 16): Promise<(Values | undefined)[]> {
    return this.each(made.length, atOnce, async (index) => {
      const { kind, id, outputs } = made[index]!;
      const { props } = await this.process.handler(kind).read(id, toHostProcess(outputs));
      return props;
    });
  }

  async delete(made: readonly Made[], atOnce = 16): Promise<void> {
    await this.each(made.length, atOnce, async (index) => {
      const { kind, id, outputs } = made[index]!;
      await this.process.handler(kind).delete(id, toHostProcess(outputs));
    });
  }

  end(): Promise<void> {
    return this.process.end();
  }

  private async checked(kind: KindName, name: string, args: Values): Promise<Values> {
    const identity = { project: "project", stack: this.account.stack };
    const origin = { ...identity, ...originOf({ kind, name, args }, new Map(), 1) };
    const news = { ...args, [PROVIDER_PROPERTY]: textOf(kind), [IDENTITY_PROPERTY]: originToHost(origin) };
    const { inputs, failures } = await this.process.handler(kind).check({}, toHostProcess(news));
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return inputs;
  }

  private async each<T>(count: number, atOnce: number, work: (index: number) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    let next = 0;
    const worker = async () => {
      for (let index = next++; index < count; index = next++) results[index] = await work(index);
    };
    await Promise.all(Array.from({ length: Math.min(count, atOnce) }, worker));
    return results;
  }
}
