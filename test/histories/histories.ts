import { FAILURES } from "./failures";
import type { History } from "./history";
import { LIVES } from "./lives";
import { SURPRISES } from "./surprises";

/** All histories. Each is played on the real engine and on the model, which must do the same. */
export const HISTORIES: readonly History[] = [
  ...LIVES.map((history) => ({ ...history, previews: true as const })),
  ...FAILURES,
  ...SURPRISES,
];
