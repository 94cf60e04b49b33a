/** What a check of `mags-iac doctor` comes to. */
export interface Finding {
  /** A word for what was looked at, stable for programs: `token`. */
  readonly check: string;
  /** `unchecked`: it could not be looked at, and why not is no fault of its own. */
  readonly level: "ok" | "warning" | "error" | "unchecked";
  /** What was found. */
  readonly found: string;
  /** The command that mends it, or as much of it as can be known. */
  readonly mend?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, level: "ok", found });

export const unchecked = (check: string, found: string): Finding => ({ check, level: "unchecked", found });

export const warning = (check: string, found: string, mend?: string): Finding => ({
  check,
  level: "warning",
  found,
  ...(mend === undefined ? {} : { mend }),
});

export const wrong = (check: string, found: string, mend?: string): Finding => ({
  check,
  level: "error",
  found,
  ...(mend === undefined ? {} : { mend }),
});
