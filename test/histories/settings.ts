import type { EmulatorOptions } from "../../emulator";

/** Short ways of the cloud, the same for both engines. */
export const CLOUD: EmulatorOptions = { bootMs: 50, vmIdMs: 50, stopMs: 100, wakeMs: 0 };
