import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { checked } from "./arguments";
import { ArgumentError } from "./errors";
import type { Session } from "./session";

/** Every file is read before any is sent, so that one that is missing leaves nothing half done. */
export async function uploadFiles(session: Session, filePaths: readonly string[]): Promise<string[]> {
  checked("uploadFiles", { filePaths });
  const problems: string[] = [];
  const files = await Promise.all(
    filePaths.map(async (path) => {
      try {
        return { name: basename(path), content: await readFile(resolve(path)) };
      } catch (error) {
        problems.push(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
        return undefined;
      }
    }),
  );
  const names = filePaths.map((path) => basename(path));
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push(
      `${filePaths.filter((path) => basename(path) === name).join(" and ")} would both be ${name} under /uploads: ` +
        `a job gets its files by name. Rename one, or upload them for different jobs in different calls.`,
    );
  if (problems.length > 0) throw new ArgumentError("uploadFiles", problems);
  const { client } = session.account;
  return Promise.all(files.map((file) => client.uploadFile(file!.name, file!.content)));
}
