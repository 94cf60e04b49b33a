import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { limitProblems } from "../files/limits";
import { checked } from "./arguments";
import { ArgumentError } from "./errors";
import type { Session } from "./session";

/** Every file is judged and read before any is sent, so that one that cannot go leaves nothing half done. */
export async function uploadFiles(session: Session, filePaths: readonly string[]): Promise<string[]> {
  checked("uploadFiles", { filePaths });
  const problems: string[] = [];
  const tried = async <T>(path: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
      return undefined;
    }
  };
  const refuse = () => {
    if (problems.length > 0) throw new ArgumentError("uploadFiles", problems);
  };
  const names = filePaths.map((path) => basename(path));
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push(
      `${filePaths.filter((path) => basename(path) === name).join(" and ")} would both be ${name} under /uploads: ` +
        `a job gets its files by name. Rename one, or upload them for different jobs in different calls.`,
    );
  const sizes = await Promise.all(
    filePaths.map((path) => tried(path, async () => (await stat(resolve(path))).size)),
  );
  const sized = filePaths.map((path, index) => ({ name: names[index]!, path, size: sizes[index] ?? 0 }));
  problems.push(...limitProblems(sized).map(({ message }) => message));
  refuse();
  const contents = await Promise.all(filePaths.map((path) => tried(path, () => readFile(resolve(path)))));
  refuse();
  const { client } = session.account;
  return Promise.all(contents.map((content, index) => client.uploadFile(names[index]!, content!)));
}
