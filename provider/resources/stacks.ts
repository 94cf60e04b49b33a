import { findSourceMap } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "./sdk";

type Prepare = NonNullable<typeof Error.prepareStackTrace>;

/**
 * Pulumi notes a stack for four promises of every property, for its search for promises that never settle, and one
 * for every resource, for its position in the program. In a fleet of hundreds that takes longer than all the rest of
 * the program, most of all where a source map has to be looked up for every line. See docs/adr/0008.
 */
export interface Pause {
  /** From here on stacks are noted as before. */
  end(): void;
  /** The same, for an error that was thrown meanwhile: what is wrong with a call is worth showing where it is. */
  endedBy(error: unknown): unknown;
}

/**
 * Notes no stacks until it is ended. What runs in between has to be one synchronous piece. The SDK is still told the
 * position of a resource: the line outside of this package that made it. A line of ours would say nothing, and is not
 * looked up.
 */
export function pauseStacks(): Pause {
  sparePromises();
  const { stackTraceLimit, prepareStackTrace } = Error;
  if (!searchesForLeaks()) {
    Error.stackTraceLimit = 0;
    // The SDK sets the limit itself where it wants a position.
    install((error, frames) =>
      frames.length === 0 ? "" : positionIn(frames, (frame) => textOf(error, frame, prepareStackTrace)),
    );
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

/** What was put before `Error.prepareStackTrace` here: it is not put before itself. */
const installed = new WeakSet<Prepare>();

function install(prepare: Prepare): void {
  installed.add(prepare);
  Error.prepareStackTrace = prepare;
}

/**
 * The same promises are made outside of constructors too, several for every message to the engine. Their stacks, which
 * nobody but that search reads, are no longer written out; all others are as they were.
 */
function sparePromises(): void {
  const { prepareStackTrace } = Error;
  // Without one, a stack is written out in native code, which a function here would not do as well.
  if (prepareStackTrace === undefined || installed.has(prepareStackTrace) || searchesForLeaks()) return;
  install((error, frames) => (isOfPromise(frames[0]) ? "" : (prepareStackTrace(error, frames) as unknown)));
}

function searchesForLeaks(): boolean {
  return Boolean(process.env.PULUMI_DEBUG_PROMISE_LEAKS);
}

function isOfPromise(frame: NodeJS.CallSite | undefined): boolean {
  return frame?.getFunctionName() === "debuggablePromise" && fileOf(frame).endsWith("debuggable.js");
}

const CLASSES = __dirname + path.sep;
/** The rooms of this package that make resources for a program. */
const MAKERS = ["../../provider", "../../constructs"].map((room) => path.resolve(__dirname, room) + path.sep);

/**
 * A stack with the one line that the SDK is to find. It skips as many as a class that extends `CustomResource` itself
 * would leave above it.
 */
function positionIn(frames: NodeJS.CallSite[], textOfFrame: (frame: NodeJS.CallSite) => string): string {
  const ours = frames.findIndex((frame) => fileOf(frame).startsWith(CLASSES));
  const theirs =
    ours < 0 ? -1 : frames.findIndex((frame, at) => at > ours && !fileOf(frame).startsWith(CLASSES));
  if (theirs < 0 || MAKERS.some((room) => fileOf(frames[theirs]).startsWith(room))) return "";
  const skipped = Array.from({ length: ours + 1 }, () => "    at pulumi");
  try {
    return ["Error", ...skipped, textOfFrame(frames[theirs]!)].join("\n");
  } catch {
    return ""; // a source map that cannot be read is no reason to fail
  }
}

/** One line of a stack, in the only form that the SDK reads, which top-level lines of ES modules do not have. */
function textOf(error: Error, frame: NodeJS.CallSite, prepare: Prepare | undefined): string {
  const place = prepare === undefined ? ownPlace(frame) : placeIn(String(prepare(error, [frame])), frame);
  return `    at program (${place.startsWith("file:") ? pathOf(place) : place})`;
}

/** Whoever looks up source maps has written one line for the one frame. */
function placeIn(stack: string, frame: NodeJS.CallSite): string {
  const line = stack.split("\n").at(-1)!;
  return (
    /(?:\(|at (?:async )?)((?:file:|\/|[A-Za-z]:[\\/])[^()]*:\d+:\d+)\)?$/.exec(line)?.[1] ?? ownPlace(frame)
  );
}

/** Node.js itself looks up source maps where it was told to. */
function ownPlace(frame: NodeJS.CallSite): string {
  const [file, line, column] = [fileOf(frame), frame.getLineNumber()!, frame.getColumnNumber()!];
  const origin = findSourceMap(file)?.findOrigin(line, column);
  return origin && "fileName" in origin
    ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
    : `${file}:${line}:${column}`;
}

function pathOf(place: string): string {
  const [, url, position] = /^(.*?)(:\d+:\d+)$/.exec(place)!;
  return fileURLToPath(url!) + position!;
}

function fileOf(frame: NodeJS.CallSite | undefined): string {
  return frame?.getFileName() ?? "";
}
