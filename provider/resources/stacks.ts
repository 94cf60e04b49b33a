import * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi notes a stack for four promises of every property, for its search for promises that never settle, and one
 * for every resource, for a position in the source. In a fleet of hundreds that takes longer than all the rest of
 * the program, most of all where a source map has to be looked up for every line. See docs/adr/0008.
 */
export interface Pause {
  /** From here on stacks are noted as before. */
  end(): void;
  /** The same, for an error that was thrown meanwhile: what is wrong with a call is worth showing where it is. */
  endedBy(error: unknown): unknown;
}

/** Notes no stacks until it is ended. What runs in between has to be one synchronous piece. */
export function pauseStacks(): Pause {
  const { stackTraceLimit, prepareStackTrace } = Error;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.stackTraceLimit = 0;
    // The SDK sets the limit itself where it wants a position.
    Error.prepareStackTrace = noStack;
  }
  const end = () => {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  };
  return {
    end,
    endedBy(error) {
      end();
      if (error instanceof Error && !pulumi.RunError.isInstance(error)) Error.captureStackTrace(error);
      return error;
    },
  };
}

const noStack = () => "";
