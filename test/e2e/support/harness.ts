import { request } from "node:http";
import { startEmulator, type Emulator, type EmulatorOptions, type RecordedCall } from "../../../emulator";
import { Project, type CliResult } from "./project";

export interface Harness {
  emulator: Emulator;
  project: Project;
  /** Calls that may change something, as `METHOD route`, since the last time this was asked. */
  mutations(): string[];
  /** Stops the emulator and removes the project. */
  stop(): Promise<void>;
}

/** An emulator of its own and a project that talks to it. */
export async function harness(
  program: { folder: string } | { program: string },
  options: EmulatorOptions & { env?: Record<string, string>; stack?: string } = {},
): Promise<Harness> {
  const { env, stack, ...emulatorOptions } = options;
  const emulator = await startEmulator({ execute: "simulate", ...emulatorOptions });
  const project = new Project(
    { MAGS_API_URL: emulator.url, MAGS_API_TOKEN: emulator.token, ...env },
    program,
    stack,
  );
  return {
    emulator,
    project,
    mutations: () => {
      const calls = emulator.calls().filter((call) => call.method !== "GET");
      emulator.clearCalls();
      return calls.map((call) => call.route);
    },
    stop: async () => {
      await emulator.stop();
      project.remove();
    },
  };
}

export function expectSuccess(result: CliResult): CliResult {
  if (result.code !== 0) throw new Error(`pulumi ended with ${result.code}:\n${result.output}`);
  return result;
}

/**
 * What a plan or a run says that it does to resources of ours, as `update name`, each once and in alphabetical order.
 * Without a terminal the engine may also show a row while its work goes on, and the steps of a replacement.
 */
export function rowsOf(output: string): string[] {
  const rows = output.matchAll(/mags:\w+ (\S+) (update|replace|create|delete)\b(?! replacement| original)/g);
  return [...new Set([...rows].map(([, name, what]) => `${what} ${name}`))].sort();
}

/** What a browser would get: Node does not resolve *.localhost. */
export function get(url: string): Promise<{ status: number; body: string }> {
  const { host, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path: pathname, headers: { host } }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

export type { RecordedCall };
