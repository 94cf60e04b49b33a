import { tmpdir } from "node:os";
import { Calls } from "../../emulator/calls";
import type { RecordedCall } from "../../emulator/calls";
import { State } from "../../emulator/state";
import { SqliteStore } from "../../emulator/store";

test("what a process says after the end is not written to a store that is closed", () => {
  jest.useFakeTimers();
  try {
    const put = jest.fn();
    const store = { put, remove: jest.fn(), all: () => [], close: jest.fn() };
    const state = new State(store, { maxEndedJobs: 1, maxLogLines: 10 }, 1, undefined);
    const line = { at: 0, level: "info", source: "stdout", message: "" } as const;
    state.log("job", line);
    state.close();
    expect(put).toHaveBeenLastCalledWith("log", "job", [line]);
    const written = put.mock.calls.length;
    state.log("job", line);
    jest.advanceTimersByTime(10_000);
    expect(put).toHaveBeenCalledTimes(written);
  } finally {
    jest.useRealTimers();
  }
});

test("recorded calls are bounded by number, and their bodies by size", () => {
  const calls = new Calls(50, 1_000);
  const record = (index: number): RecordedCall => ({
    at: index,
    account: 0,
    method: "POST",
    path: "/",
    route: "",
    version: "v1",
    status: 200,
    body: { index },
  });
  for (let index = 0; index < 20; index++) calls.add(record(index), 100);
  expect(calls.list().map(({ body }) => body !== undefined)).toEqual([
    ...Array<boolean>(10).fill(false),
    ...Array<boolean>(10).fill(true),
  ]);
  for (let index = 20; index < 500; index++) calls.add(record(index), 1);
  expect(calls.list().map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, index) => 450 + index));
  expect(calls.list().every(({ body }) => body !== undefined)).toBe(true);
});

test("a Node.js without SQLite is told what a data folder needs", () => {
  jest.doMock("node:sqlite", () => {
    throw new Error("No such built-in module: node:sqlite");
  });
  try {
    expect(() => new SqliteStore(tmpdir())).toThrow(/Node\.js 22\.19 or newer, and this is v/);
  } finally {
    jest.dontMock("node:sqlite");
  }
});
