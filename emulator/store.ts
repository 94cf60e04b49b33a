import type { DatabaseSync, StatementSync } from "node:sqlite";
import { join } from "node:path";

/** Kinds of records. */
export type RecordKind = "account" | "job" | "workspace" | "alias" | "cron" | "file" | "log" | "meta";

/** Where records are kept beyond the process. Writes are done when the call returns. */
export interface Store {
  put(kind: RecordKind, id: string, value: unknown): void;
  remove(kind: RecordKind, id: string): void;
  all(kind: RecordKind): { id: string; value: unknown }[];
  close(): void;
}

/** Keeps nothing: the state lives as long as the process. */
export class MemoryStore implements Store {
  put(): void {
    // Nothing to keep.
  }

  remove(): void {
    // Nothing was kept.
  }

  all(): { id: string; value: unknown }[] {
    return [];
  }

  close(): void {
    // Nothing is open.
  }
}

/** Keeps every record in one SQLite file, so that a kill at any moment loses nothing that was answered. */
export class SqliteStore implements Store {
  private readonly database: DatabaseSync;
  private readonly insert: StatementSync;
  private readonly erase: StatementSync;

  constructor(folder: string) {
    const { DatabaseSync: Database } = sqlite();
    this.database = new Database(join(folder, "state.sqlite"));
    this.database.exec(
      "pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000;" +
        "create table if not exists record (kind text not null, id text not null, value text not null, primary key (kind, id)) without rowid;",
    );
    this.insert = this.database.prepare(
      "insert into record (kind, id, value) values (?, ?, ?) on conflict (kind, id) do update set value = excluded.value",
    );
    this.erase = this.database.prepare("delete from record where kind = ? and id = ?");
  }

  put(kind: RecordKind, id: string, value: unknown): void {
    this.insert.run(kind, id, JSON.stringify(value));
  }

  remove(kind: RecordKind, id: string): void {
    this.erase.run(kind, id);
  }

  all(kind: RecordKind): { id: string; value: unknown }[] {
    const rows = this.database.prepare("select id, value from record where kind = ? order by id").all(kind);
    return rows.map((row) => ({ id: String(row.id), value: JSON.parse(String(row.value)) as unknown }));
  }

  close(): void {
    this.database.close();
  }
}

/** Loaded on use: most emulators keep nothing. */
function sqlite(): typeof import("node:sqlite") {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require("node:sqlite") as typeof import("node:sqlite");
  } catch (error) {
    throw new Error(
      `A data folder needs the SQLite of Node.js 22.19 or newer, and this is ${process.version}. Use a newer Node.js, or keep the state in memory.`,
      { cause: error },
    );
  }
}
