import { Duration } from "./duration";
import { Size } from "./size";

/** By the units of the field tables. What Mags calls a GB is a GiB (observed). */
const SIZES: Record<string, (size: Size) => number> = {
  GB: (size) => size.toGibibytes(),
  MB: (size) => size.toMebibytes(),
};
const DURATIONS: Record<string, (duration: Duration) => number> = {
  minutes: (duration) => duration.toMinutes(),
  seconds: (duration) => duration.toSeconds(),
};

/**
 * A measure as the number that a field of a unit takes; undefined where it is no field that is measured so.
 * @throws where that is no whole number
 */
export function inUnit(measure: Duration | Size, unit: string | undefined): number | undefined {
  return Duration.isDuration(measure) ? DURATIONS[unit ?? ""]?.(measure) : SIZES[unit ?? ""]?.(measure);
}

export function isMeasure(value: unknown): value is Duration | Size {
  return Duration.isDuration(value) || Size.isSize(value);
}
