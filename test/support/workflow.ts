import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";

/** The parts of a workflow file that matter here. */
export interface Workflow {
  on: Record<string, { types?: string[] } | null>;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, Job>;
}

interface Job {
  if?: string;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  steps: {
    name?: string;
    uses?: string;
    run?: string;
    env?: Record<string, string>;
    with?: Record<string, unknown>;
  }[];
}

export function readWorkflow(file: string): Workflow {
  return parse(readFileSync(file, "utf8")) as Workflow;
}

/** What expressions can speak of. */
export type Context = Record<string, unknown>;

const TOKEN = /\s*(?:('(?:[^']|'')*')|(==|!=|&&|\|\||[(),])|([\w.*-]+))/y;

/** The value of an expression, of the kinds that the workflows use: paths, texts, comparisons, `contains`. */
export function evaluate(expression: string, context: Context): unknown {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = expression.trim();
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`cannot read "${text.slice(at)}" in "${expression}"`);
    tokens.push(match[1] ?? match[2] ?? match[3]!);
  }
  const either = (): unknown => {
    let value = both();
    while (tokens[0] === "||") {
      tokens.shift();
      const other = both();
      value = value || other;
    }
    return value;
  };
  const both = (): unknown => {
    let value = compared();
    while (tokens[0] === "&&") {
      tokens.shift();
      const other = compared();
      value = value && other;
    }
    return value;
  };
  const compared = (): unknown => {
    const value = one();
    const operator = tokens[0];
    if (operator !== "==" && operator !== "!=") return value;
    tokens.shift();
    return (value === one()) === (operator === "==");
  };
  const one = (): unknown => {
    const token = tokens.shift() ?? "";
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d+$/.test(token)) return Number(token);
    if (token === "contains") {
      tokens.shift();
      const list = either() as unknown[];
      tokens.shift();
      const item = either();
      tokens.shift();
      return list.includes(item);
    }
    return pathIn(context, token.split("."));
  };
  return either();
}

function pathIn(value: unknown, [first, ...rest]: string[]): unknown {
  if (first === undefined) return value;
  if (first === "*") return (value as unknown[]).map((item) => pathIn(item, rest));
  return pathIn((value as Record<string, unknown> | undefined)?.[first], rest);
}

/** A text with its expressions replaced. */
export function filled(text: string, context: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(evaluate(expression, context) ?? ""),
  );
}

export interface StepsResult {
  /** False where the condition of the job kept it from running. */
  ran: boolean;
  code: number | string | null;
  /** Standard output and error of all steps together, in order. */
  output: string;
  outputs: string;
  summary: string;
}

export interface Machine {
  /** The checkout. */
  folder: string;
  env: Record<string, string>;
  /** Called with the process of every step. */
  onStart?: (child: ChildProcess) => void;
}

/**
 * Carries out the `run:` steps of a job as a runner does: by bash, each with its environment and with the files that
 * GitHub Actions gives a step, up to the first that fails. Steps that use an action are the machine's to stand in for.
 */
export async function runJob(
  workflow: Workflow,
  name: string,
  context: Context,
  machine: Machine,
): Promise<StepsResult> {
  const job = workflow.jobs[name]!;
  const result: StepsResult = { ran: false, code: 0, output: "", outputs: "", summary: "" };
  if (job.if !== undefined && !evaluate(job.if, context)) return result;
  result.ran = true;
  const temp = mkdtempSync(path.join(tmpdir(), "runner-"));
  const files = { GITHUB_PATH: "path", GITHUB_OUTPUT: "output", GITHUB_STEP_SUMMARY: "summary" };
  const env: Record<string, string> = {
    ...machine.env,
    RUNNER_TEMP: temp,
    GITHUB_ACTIONS: "true",
    CI: "true",
  };
  for (const [variable, file] of Object.entries(files)) {
    env[variable] = path.join(temp, file);
    writeFileSync(env[variable], "");
  }
  try {
    for (const { env: own = {}, run } of job.steps) {
      if (run === undefined) continue;
      const added = readFileSync(env.GITHUB_PATH!, "utf8").trim().split("\n").filter(Boolean).reverse();
      const stepEnv = {
        ...env,
        PATH: [...added, env.PATH].join(path.delimiter),
        ...Object.fromEntries(
          Object.entries(own).map(([key, value]) => [key, filled(String(value), context)]),
        ),
      };
      result.code = await step(filled(run, context), stepEnv, machine, (text) => (result.output += text));
      if (result.code !== 0) break;
    }
    result.outputs = readFileSync(env.GITHUB_OUTPUT!, "utf8");
    result.summary = readFileSync(env.GITHUB_STEP_SUMMARY!, "utf8");
    return result;
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

function step(
  script: string,
  env: Record<string, string>,
  { folder, onStart }: Machine,
  onOutput: (text: string) => void,
): Promise<number | string | null> {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that it can be killed with all that it has started, as a runner is.
    detached: true,
  });
  onStart?.(child);
  child.stdout.on("data", (chunk: Buffer) => onOutput(chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => onOutput(chunk.toString("utf8")));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
}
