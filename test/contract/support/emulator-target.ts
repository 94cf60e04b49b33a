import { startEmulator } from "../../../emulator";
import type { Emulator, EmulatorOptions } from "../../../emulator";
import { visit } from "./client";
import type { SeenRoutes } from "./client";
import { Target } from "./target";
import type { Ability } from "./target";

/** An emulator that is being checked. */
export interface EmulatorTarget {
  emulator: Emulator;
  target: Target;
  stop: () => Promise<void>;
}

/** Something between the checks and the emulator. */
export interface Front {
  url: string;
  close: () => Promise<void>;
}

/** Puts nothing in between. */
const direct = (emulator: Emulator): Promise<Front> =>
  Promise.resolve({ url: emulator.url, close: () => Promise.resolve() });

/** What a simulated emulator can be asked for. */
export const SIMULATED: readonly Ability[] = [
  "clock",
  "urls",
  "accounts",
  "quantity",
  "loopback",
  "vm loss",
  "quirks",
];

/** What one with real processes can be asked for. */
export const PROCESSES: readonly Ability[] = ["scripts", "urls", "accounts", "vm loss", "quirks"];

/** What namespaces add to it. */
export const NAMESPACES: readonly Ability[] = ["loopback", "volume"];

/** Midday of a Monday, so that days and months end far away. */
const START = Date.UTC(2026, 1, 2, 12, 0, 0);

/** No process and a clock that the checks drive: fast, and every moment can be looked at. */
export async function simulated(
  seen: SeenRoutes,
  options: EmulatorOptions = {},
  front: (emulator: Emulator) => Promise<Front> = direct,
): Promise<EmulatorTarget> {
  const emulator = await startEmulator({
    execute: "simulate",
    clock: "driven",
    startAt: START,
    accounts: 2,
    bootMs: 300,
    vmIdMs: 1_000,
    stopMs: 3_000,
    ...options,
  });
  return wrap(emulator, await front(emulator), seen, {
    abilities: SIMULATED,
    stepMs: 100,
    pass: (ms) => emulator.clock.advance(ms),
    now: () => emulator.clock.now(),
  });
}

/** Real processes, in namespaces where they are permitted. */
export async function processes(
  seen: SeenRoutes,
  options: EmulatorOptions = {},
  front: (emulator: Emulator) => Promise<Front> = direct,
): Promise<EmulatorTarget> {
  const emulator = await startEmulator({
    accounts: 2,
    bootMs: 10,
    vmIdMs: 30,
    stopMs: 60,
    reprovisionMs: 50,
    ...options,
  });
  return wrap(emulator, await front(emulator), seen, {
    abilities: [
      ...PROCESSES,
      ...(emulator.mode === "namespaces" ? NAMESPACES : []),
      ...((options.syncMs ?? 30_000) <= 1_000 ? (["frequent sync"] as const) : []),
      ...((options.edgeMs ?? 100_000) <= 5_000 ? (["edge"] as const) : []),
    ],
    stepMs: 15,
  });
}

function wrap(
  emulator: Emulator,
  front: Front,
  seen: SeenRoutes,
  settings: { abilities: readonly Ability[]; stepMs: number } & Pick<
    ConstructorParameters<typeof Target>[0],
    "pass" | "now"
  >,
): EmulatorTarget {
  return {
    emulator,
    target: new Target({
      ...settings,
      url: front.url,
      token: emulator.token,
      otherToken: emulator.tokens[1],
      seen,
      visit: (url, path) => visit(front.url, url, path),
      loseVm: (id) => emulator.control.endVm(id),
    }),
    stop: async () => {
      await front.close();
      await emulator.stop();
    },
  };
}
