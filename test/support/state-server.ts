/** A service that keeps states of Pulumi, started for tests. */
export interface StateServer {
  /** What Pulumi is told to keep states in. */
  readonly url: string;
  /** What it needs to know besides. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}
