import type { Directory } from "../../../../provider/api/directory";
import { inTurn } from "../../../../provider/lifecycle/runs/in-turn";
import type { Context } from "../../../../provider/lifecycle/kind";
import { settle } from "../../../support/clock";

const directory = {} as Directory;
const contextAt = (now: number, of = directory) =>
  ({ directory: of, deadline: 100, clock: { now: () => now } }) as unknown as Context;
const context = contextAt(0);

/** Work that ends when it is told to. */
function work(log: string[], name: string) {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { end, run: () => (log.push(name), ended) };
}

it("does what needs the same workspace one after the other, whatever became of the one before", async () => {
  const log: string[] = [];
  const [one, two, three] = ["one", "two", "three"].map((name) => work(log, name));
  const results = [one!, two!, three!].map(({ run }) => inTurn(context, "run", "w", run));
  results[0]!.catch(() => undefined);
  await settle();
  expect(log).toEqual(["one"]);
  one!.end(new Error("failed"));
  await expect(results[0]).rejects.toThrow("failed");
  await settle();
  expect(log).toEqual(["one", "two"]);
  two!.end();
  three!.end();
  await results[2];
  expect(log).toEqual(["one", "two", "three"]);
});

it("waits for nobody on another workspace, in another account, or without a workspace", async () => {
  const log: string[] = [];
  void inTurn(context, "run", "w", work(log, "busy").run);
  for (const [where, of] of [
    ["v", directory],
    ["w", {} as Directory],
    [undefined, directory],
  ] as const)
    void inTurn(contextAt(0, of), "run", where, work(log, String(where)).run);
  await settle();
  expect(log.sort()).toEqual(["busy", "undefined", "v", "w"]);
});

it("begins nothing once its time is over", async () => {
  const log: string[] = [];
  const first = work(log, "first");
  void inTurn(context, "run", "x", first.run);
  const late = inTurn(contextAt(100), "run", "x", work(log, "late").run);
  first.end();
  await expect(late).rejects.toThrow(/another run of this program \(under way\)/);
  expect(log).toEqual(["first"]);
});
