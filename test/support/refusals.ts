import type * as problems from "../../provider/resources/problems";
import { runProgram } from "./pulumi-program";

const told: string[] = [];

/**
 * What `provider/resources/problems` is replaced with, in `jest.mock`, where a test wants to see what is refused: the
 * SDK would leave the failed registration to the process, which ends the test.
 */
export function collecting(actual: typeof problems): typeof problems {
  const refuseProgram = (messages: string[]) => {
    told.push(...messages);
    return Promise.resolve("refused") as Promise<never>;
  };
  return { ...actual, refuseProgram };
}

/** The messages that a program is refused with, one per line. */
export async function refusalsOf(program: () => unknown): Promise<string> {
  told.length = 0;
  await runProgram(program);
  return told.join("\n");
}
