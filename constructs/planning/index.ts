import type { App } from "../app";
import type { Plan } from "../plan";

export function planOf(_app: App): Plan {
  throw new Error("not yet");
}
