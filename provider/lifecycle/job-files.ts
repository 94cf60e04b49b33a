import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Limiter } from "../api/limiter";
import * as errors from "../errors";
import { archiveOf, needsArchive } from "../files/archive";
import { sha256Of, sha256OfFile } from "../files/content";
import type { Values } from "../schema/fields";
import { ARCHIVE_NAME, SCRIPT_NAME, UNPACKED_NAME, type HashedFile } from "../schema/files-field";
import type { Context } from "./kind";

type NamedFile = HashedFile & { name: string };

/** So many files are in memory at a time. */
const AT_ONCE = 4;

/**
 * Uploads the files of a job and returns their ids. Called before anything is stopped, so that a missing or
 * changed file stops the operation while the old VM still runs. Paths are relative to the project, which is
 * the working directory of the provider process.
 *
 * The API puts an upload under its file name and knows no folders, so what has a folder in its name goes into
 * one archive, which `withFiles` unpacks.
 */
export async function uploadFiles(context: Context, inputs: Values): Promise<string[]> {
  const files = filesIn(inputs);
  await refuseChanged(files);
  const limiter = new Limiter(AT_ONCE, context.clock);
  const upload = (name: string, content: () => Promise<Buffer>): Promise<string> =>
    limiter.run(async () => context.client.uploadFile(name, await content()));
  const packedTogether = files.filter(({ name }) => needsArchive(name));
  return Promise.all([
    ...files
      .filter(({ name }) => !needsArchive(name))
      .map((file) => upload(file.name, () => contentOf(file))),
    ...(packedTogether.length === 0 ? [] : [upload(ARCHIVE_NAME, () => packed(packedTogether))]),
  ]);
}

/** A script, preceded by what puts the files with folders in their names in place, if there are any. */
export function withFiles(inputs: Values, script: string): string {
  if (!filesIn(inputs).some(({ name }) => needsArchive(name))) return script;
  return script.startsWith("#!") ? `${UNPACK}\n${ownFile(script)}` : `${UNPACK}\n${script}`;
}

/** `/uploads`; the emulator names it so where a VM is a plain process. */
const UPLOADS = '"${MAGS_UPLOADS:-/uploads}"';

/** Once per VM: what a script has changed since is not put back when the VM wakes. */
const UNPACK =
  `(cd ${UPLOADS} && { [ -e ${UNPACKED_NAME} ] || { tar -xf ${ARCHIVE_NAME} && : > ${UNPACKED_NAME}; }; }) || ` +
  `{ echo "pulumi-mags: ${ARCHIVE_NAME}, which holds the files in folders, could not be unpacked in /uploads" >&2; exit 1; }`;

/**
 * A script that names its interpreter cannot follow another line, so it is run from a file. That is written
 * once: something may be running it.
 */
function ownFile(script: string): string {
  const mark = createHash("sha256").update(script).digest("hex").slice(0, 16);
  // A line that no script can hold by accident ends the here-document.
  const end = `END_OF_SCRIPT_${mark}`;
  const file = `${UPLOADS}/${SCRIPT_NAME}-${mark}`;
  return `[ -x ${file} ] || cat > ${file} <<'${end}'\n${script}\n${end}\nchmod 700 ${file} && exec ${file}\n`;
}

function filesIn(inputs: Values): NamedFile[] {
  return Object.entries((inputs.files ?? {}) as Record<string, HashedFile>)
    .map(([name, file]) => ({ ...file, name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Everything is looked at before the first upload, so that all that is wrong is told at once. */
async function refuseChanged(files: NamedFile[]): Promise<void> {
  const problems: Error[] = [];
  for (const file of files) {
    try {
      assertAsPlanned(file, await sha256OfFile(resolve(file.path)));
    } catch (error) {
      problems.push(asProblem(file, error));
    }
  }
  if (problems.length === 1) throw problems[0];
  if (problems.length > 1) throw errors.filesNotAsPlanned(problems.map(({ message }) => message));
}

/** The content, which is what was planned: a file can change between two looks. */
async function contentOf(file: NamedFile): Promise<Buffer> {
  try {
    const content = await readFile(resolve(file.path));
    assertAsPlanned(file, sha256Of(content));
    return content;
  } catch (error) {
    throw asProblem(file, error);
  }
}

async function packed(files: NamedFile[]): Promise<Buffer> {
  const entries = [];
  for (const file of files) entries.push({ name: file.name, content: await contentOf(file) });
  return archiveOf(entries);
}

function assertAsPlanned({ name, path, sha256 }: NamedFile, found: string): void {
  if (found !== sha256) throw errors.fileChanged(name, path);
}

function asProblem({ name, path }: NamedFile, error: unknown): Error {
  if (error instanceof errors.MagsError) return error;
  return errors.fileUnreadable(name, path, (error as NodeJS.ErrnoException).code ?? String(error));
}
