import { Option } from "commander";

/** A word that may stand where one is being typed. */
export interface Candidate {
  readonly value: string;
  /** One line, for shells that show it. */
  readonly meaning: string;
}

/** What has been typed of a command line. */
export interface Typed {
  /** The value that an option was given, by its long name: `--cwd`. */
  valueOf(long: string): string | undefined;
}

/** An option that takes any value, and knows of likely ones. */
export class OpenOption extends Option {
  constructor(
    flags: string,
    description: string,
    /** @param limitMs For how long the one who types may be kept waiting: what is not known by then is left out. */
    readonly likely: (typed: Typed, limitMs: number) => Promise<readonly Candidate[]>,
  ) {
    super(flags, description);
  }
}
