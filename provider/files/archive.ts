/**
 * A tar archive (POSIX ustar), which every `tar` unpacks, also the small one of Alpine Linux, which the VMs run
 * (documented) and which knows no extension of the format. Plain files only: names and contents, nothing of
 * who owned them, when they changed, or what their permissions were.
 */

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** The same for all, so that equal files give equal archives. Zero would make `tar` complain of old files. */
const MODIFIED = Date.UTC(2000, 0, 1) / 1000;

export interface Entry {
  name: string;
  content: Buffer;
}

/** What an upload may be called is not known; every server takes this (assumed). */
const PLAIN_NAME = /^[ -~]{1,200}$/;

/** Whether a file cannot be uploaded by itself under its name: the API knows no folders. */
export function needsArchive(name: string): boolean {
  return name.includes("/") || !PLAIN_NAME.test(name);
}

/** Whether the format has room for a name. */
export function fitsArchive(name: string): boolean {
  return splitName(name) !== undefined;
}

export function archiveOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, content }) => [
    headerOf(name, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, size: number): Buffer {
  const split = splitName(name);
  if (!split) throw new RangeError(`there is no room in an archive for the name ${name}`);
  const header = Buffer.alloc(BLOCK);
  const text = (value: string, at: number): void => void header.write(value, at, "utf8");
  const octal = (value: number, at: number, width: number): void =>
    text(value.toString(8).padStart(width - 1, "0"), at);
  text(split.name, 0);
  octal(0o644, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(size, 124, 12);
  octal(MODIFIED, 136, 12);
  text(" ".repeat(8), 148); // stands for the checksum while that is taken
  text("0", 156); // a plain file
  text("ustar\u000000", 257);
  text(split.prefix, 345);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  text(`${checksum.toString(8).padStart(6, "0")}\u0000 `, 148);
  return header;
}

/** A long name is cut at a slash into two fields. */
function splitName(name: string): { prefix: string; name: string } | undefined {
  if (Buffer.byteLength(name) <= NAME_BYTES) return { prefix: "", name };
  for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(rest) <= NAME_BYTES)
      return { prefix, name: rest };
  }
  return undefined;
}
