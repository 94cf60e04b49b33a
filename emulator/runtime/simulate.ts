import type { Duplex } from "node:stream";
import { duplexPair } from "node:stream";
import * as http from "node:http";
import type { Clock, Timer } from "../clock";
import type { SimulateHook, SimulatedResult } from "../options";
import type { ExecResult, Machine, MachineSpec, Runtime, ScriptEnd } from "./runtime";
import { PortClosedError } from "./runtime";

/**
 * VMs without processes, for speed. Of a script, `sleep`, `echo`, `exit`, `true`, `false` and comments are
 * understood; every other line counts as done, without output. A persistent script whose last line is not
 * understood counts as a service: it runs on and answers HTTP on every port. What a script would do that is not
 * understood it can say itself, on a line `# simulate: …`.
 */
export class SimulateRuntime implements Runtime {
  readonly mode = "simulate";
  readonly notes = [
    "Scripts are not run: commands have no effect, and every port answers with a fixed reply.",
  ];
  private readonly replies: http.Server;

  constructor(
    private readonly clock: Clock,
    private readonly hook: SimulateHook | undefined,
  ) {
    this.replies = http.createServer((request, response) => {
      const { machine, port } = (request.socket as unknown as { simulated?: Simulated }).simulated ?? {};
      request.resume();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ simulated: true, name: machine?.spec.name, port, path: request.url }));
    });
  }

  start(spec: MachineSpec): Promise<Machine> {
    return Promise.resolve(new SimulatedMachine(spec, this.clock, this.hook, this.replies));
  }

  close(): Promise<void> {
    this.replies.close();
    return Promise.resolve();
  }
}

interface Simulated {
  machine: SimulatedMachine;
  port: number;
}

class SimulatedMachine implements Machine {
  readonly id: string;
  private timer: Timer | undefined;
  private up = true;

  constructor(
    readonly spec: MachineSpec,
    private readonly clock: Clock,
    private readonly hook: SimulateHook | undefined,
    private readonly replies: http.Server,
  ) {
    this.id = spec.id;
  }

  run(script: string, persistent: boolean): Promise<{ ended: Promise<ScriptEnd> }> {
    this.up = true;
    const result = this.hook?.(script, this.spec);
    const course = result === undefined ? interpret(script, persistent) : courseOf(result);
    for (const line of lines(course.stdout)) this.spec.onLine("stdout", line);
    for (const line of lines(course.stderr)) this.spec.onLine("stderr", line);
    const ended = new Promise<ScriptEnd>((resolve) => {
      if (course.durationMs === Infinity) return;
      this.timer = this.clock.after(course.durationMs, () => resolve({ exitCode: course.exitCode }));
    });
    return Promise.resolve({ ended });
  }

  exec(command: string, timeoutMs: number): Promise<ExecResult> {
    const result = this.hook?.(command, this.spec);
    const course = result === undefined ? interpret(command, false) : courseOf(result);
    if (course.durationMs > timeoutMs) {
      return Promise.resolve({
        exitCode: 124,
        stdout: course.stdout,
        stderr: `command timed out after ${timeoutMs / 1000} s`,
      });
    }
    return Promise.resolve({ exitCode: course.exitCode, stdout: course.stdout, stderr: course.stderr });
  }

  connect(port: number): Promise<Duplex> {
    if (!this.up) return Promise.reject(new PortClosedError(`the simulated VM is not up (port ${port})`));
    const [near, far] = duplexPair();
    (far as unknown as { simulated: Simulated }).simulated = { machine: this, port };
    this.replies.emit("connection", far);
    return Promise.resolve(near);
  }

  suspend(): Promise<void> {
    this.timer?.cancel();
    return Promise.resolve();
  }

  end(): Promise<void> {
    this.timer?.cancel();
    this.up = false;
    return Promise.resolve();
  }
}

interface Course {
  durationMs: number;
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The statements of a line. What follows `||` is for a failure, which nothing has here: the line counts as done. */
function statementsOf(line: string): string[] {
  return line.includes("||") ? [line.slice(0, line.indexOf("||"))] : line.split(/;|&&/);
}

/** What a script says of itself: a shell takes it for a comment. */
const SAID = /^[ \t]*# simulate:(.*)$/m;

/** What the built-in rules make of a script. */
export function interpret(script: string, persistent: boolean): Course {
  const said = SAID.exec(script);
  if (said) return interpret(said[1]!, persistent);
  const course: Course = { durationMs: 0, exitCode: 0, stdout: "", stderr: "" };
  let understood = true;
  for (const raw of script.split("\n").flatMap(statementsOf)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    understood = true;
    const [word = "", first = ""] = line.split(/\s+/);
    if (word === "sleep" && first === "infinity") return { ...course, durationMs: Infinity };
    if (word === "sleep" && /^\d+(\.\d+)?$/.test(first)) course.durationMs += Number(first) * 1000;
    else if (word === "exit") return { ...course, exitCode: Number.parseInt(first, 10) || 0 };
    else if (word === "false") course.exitCode = 1;
    else if (word === "true") course.exitCode = 0;
    else if (word === "echo") {
      const [, said = "", to] = /^echo\s*(.*?)\s*(?:1?(>>?\s*[^\s>&"']+|>&2))?$/s.exec(line) ?? [];
      const text = `${said.replace(/^(["'])(.*)\1$/s, "$2")}\n`;
      if (to === undefined) course.stdout += text;
      else if (to === ">&2") course.stderr += text;
      course.exitCode = 0;
    } else {
      understood = false;
      course.exitCode = 0;
    }
  }
  return persistent && !understood ? { ...course, durationMs: Infinity } : course;
}

function courseOf(result: SimulatedResult): Course {
  return {
    durationMs: 0,
    exitCode: result.exitCode,
    stdout: result.stdout ?? "",
    stderr: result.stderr ?? "",
  };
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
