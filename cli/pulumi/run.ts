import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import * as errors from "../errors";

/** Where Pulumi is asked: the folder of a project, and one of its stacks. */
export interface StackPlace {
  /** @default the current folder */
  readonly folder?: string;
  /** @default the one that is selected */
  readonly stack?: string;
}

/** How a command of Pulumi ended. */
export interface Ending {
  /** Or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What the CLI of Pulumi prints when asked, without anybody being asked anything.
 * @param signal Ends it at once, so only for what changes nothing.
 */
export async function askPulumi(
  args: readonly string[],
  { folder, stack }: StackPlace,
  signal?: AbortSignal,
): Promise<string> {
  const line = [...args, ...(stack === undefined ? [] : ["--stack", stack])];
  const { code, stderr, stdout } = await runPulumi(line, { folder, signal });
  if (code === 0) return stdout;
  throw explained(stderr, { folder, stack }, code);
}

/** Runs a command of Pulumi to its end, however that is. */
export async function runPulumi(
  args: readonly string[],
  {
    command = "pulumi",
    folder,
    env = {},
    signal,
  }: {
    command?: string;
    folder?: string;
    env?: Readonly<Record<string, string>>;
    signal?: AbortSignal;
  },
): Promise<Ending> {
  const child = spawn(command, [...args, "--non-interactive", "--color", "never"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...env },
    signal,
    killSignal: "SIGKILL",
  });
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | string>((resolve, reject) => {
    // Where the folder is not there, the error speaks of the command.
    child.once("error", ({ message }) => {
      // What it may have started itself must not keep us.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(
        folder !== undefined && !existsSync(folder)
          ? errors.folderMissing(folder)
          : errors.pulumiNotStarted(message),
      );
    });
    child.once("close", (status, signal) => resolve(status ?? signal ?? 1));
  });
  return { code, stdout: out(), stderr: err() };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const decoder = new StringDecoder("utf8");
  const parts: string[] = [];
  stream.on("data", (chunk: Buffer) => parts.push(decoder.write(chunk)));
  return () => parts.join("");
}

/** Whether Pulumi says that there is no such stack. */
export function isStackMissing(text: string): boolean {
  return /no stack named|no stack with name|could not find stack|stack '.*' not found/i.test(text);
}

/** Pulumi has no codes for what went wrong, so its texts have to tell; what we do not know is shown as it is. */
function explained(text: string, { folder = ".", stack }: StackPlace, code: number | string): Error {
  if (isStackMissing(text)) return errors.stackMissing(stack ?? "the selected stack");
  if (/no stack selected|no current stack/i.test(text)) return errors.stackUnset();
  if (/no Pulumi\.yaml project file found|pass the fully qualified name/i.test(text))
    return errors.projectMissing(folder);
  if (/passphrase must be set/i.test(text)) return errors.passphraseMissing();
  if (/incorrect passphrase/i.test(text)) return errors.passphraseWrong();
  if (/PULUMI_ACCESS_TOKEN|not logged in|pulumi login/i.test(text)) return errors.backendMissing();
  const detail = text.replace(/^error: /gm, "").trim();
  return errors.pulumiFailed(detail === "" ? `exit code ${code}` : detail);
}
