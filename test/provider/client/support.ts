import { startEmulator, type Emulator, type EmulatorOptions, type RecordedCall } from "../../../emulator";
import { Mags, type MagsOptions } from "../../../provider/client";
import { INTERNALS, type Internals } from "../../../provider/client/session";
import { AutoClock } from "../../support/clock";
import { FakeApi } from "../../support/fake-api";

export const TOKEN = "token-that-must-never-be-shown";

/** A client with what tests replace in it. */
export function clientOf(options: MagsOptions, internals: Internals = {}): Mags {
  return new Mags({ ...options, [INTERNALS]: internals } as MagsOptions);
}

const running: (() => Promise<void>)[] = [];

/** Ends every emulator and every server that a test has started, also when it has failed. */
export async function stopAll(): Promise<void> {
  for (const stop of running.splice(0)) await stop();
}

export interface OnEmulator {
  emulator: Emulator;
  mags: Mags;
  /** Another client of the same account, which knows nothing of what the first has done. */
  stranger(): Mags;
  /** What was called since the last time this was asked, as `METHOD /route`. */
  calls(): string[];
  /** The bodies of the creates since then. */
  creates(): Record<string, unknown>[];
}

/** A client of an emulator of its own, in which nothing takes longer than it must. */
export async function onEmulator(options: EmulatorOptions = {}): Promise<OnEmulator> {
  const emulator = await startEmulator({
    execute: "simulate",
    bootMs: 0,
    vmIdMs: 0,
    stopMs: 0,
    wakeMs: 0,
    ...options,
  });
  const clients: Mags[] = [];
  running.push(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await emulator.stop();
  });
  const connect = () => {
    const client = clientOf({ apiUrl: emulator.url, apiToken: emulator.token }, { pollMs: 5 });
    clients.push(client);
    return client;
  };
  const taken = <T>(pick: (calls: RecordedCall[]) => T): T => {
    const picked = pick(emulator.calls());
    emulator.clearCalls();
    return picked;
  };
  return {
    emulator,
    mags: connect(),
    stranger: connect,
    calls: () => taken((calls) => calls.map(({ route }) => route)),
    creates: () =>
      taken((calls) =>
        calls
          .filter(({ route }) => route === "POST /mags-jobs")
          .map(({ body }) => body as Record<string, unknown>),
      ),
  };
}

export interface OnFakeApi {
  api: FakeApi;
  mags: Mags;
  clock: AutoClock;
}

/** A client of a server that answers what a test tells it to, with a clock that moves by itself. */
export async function onFakeApi(options: MagsOptions = {}): Promise<OnFakeApi> {
  const api = await FakeApi.start();
  const clock = new AutoClock();
  const mags = clientOf({ apiUrl: api.endpoint, apiToken: TOKEN, ...options }, { clock, pollMs: 1_000 });
  running.push(async () => {
    await mags.close();
    await api.stop();
  });
  return { api, mags, clock };
}

/** What was thrown. */
export async function failure(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
