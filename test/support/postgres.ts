import { spawnSync } from "node:child_process";
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ServerProcess } from "./server-process";
import type { StateServer } from "./state-server";

/** Where distributions have the server's programs, by version, when they are not on PATH. */
const FOLDERS = ["/usr/lib/postgresql"];
/** The server does not run as root. One of these users is on every system that has it. */
const USERS = ["postgres", "nobody"];
const INIT_MS = 120_000;

interface Installed {
  /** The folder of its programs. */
  bin: string;
  /** Whom it is to run as, where we are root. */
  user?: { uid: number; gid: number };
}

/** The PostgreSQL of this machine, or why there is none for tests. */
export function installedPostgres(): Installed | { missing: string } {
  if (process.platform === "win32") return { missing: "needs PostgreSQL on a system with Unix sockets" };
  const versions = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder).map((version) => join(folder, version, "bin")),
  );
  const bin = [...versions.sort().reverse(), ...(process.env.PATH ?? "").split(delimiter)].find((folder) =>
    ["initdb", "postgres"].every((program) => isExecutable(join(folder, program))),
  );
  if (bin === undefined) return { missing: "needs a PostgreSQL server: initdb and postgres" };
  if (process.getuid?.() !== 0) return { bin };
  const user = USERS.map(idsOf).find((ids) => ids !== undefined);
  return user ? { bin, user } : { missing: "PostgreSQL does not run as root, and there is no other user" };
}

/** Starts one of our own: in a temporary folder, reached by a socket in it, and by nothing else. */
export async function startPostgres({ bin, user }: Installed): Promise<StateServer> {
  // The path of a socket has 107 bytes at most.
  const folder = mkdtempSync(join(tmpdir().length < 60 ? tmpdir() : "/tmp", "mags-pg-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    if (user) chownSync(folder, user.uid, user.gid);
    const data = join(folder, "data");
    const options = { cwd: folder, env: { PATH: `${bin}:/usr/bin:/bin`, LC_ALL: "C" }, ...user };
    const made = spawnSync(
      join(bin, "initdb"),
      ["-D", data, "-U", "pulumi", "--auth=trust", "--no-sync", "--encoding=UTF8"],
      { ...options, encoding: "utf8", timeout: INIT_MS },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
    const server = await ServerProcess.start(
      join(bin, "postgres"),
      ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
      /ready to accept connections/,
      // With TERM it would wait for everybody who is connected.
      "INT",
      options,
    );
    return {
      url: `postgres://pulumi@/postgres?host=${encodeURIComponent(folder)}&sslmode=disable`,
      env: {},
      stop: () => server.stop().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // it is looked for elsewhere
  }
}

function idsOf(user: string): { uid: number; gid: number } | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, user], { encoding: "utf8" }));
  if (uid!.status !== 0 || gid!.status !== 0) return undefined;
  return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) };
}
