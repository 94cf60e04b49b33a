import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError, NotFoundError } from "../../../provider/client";
import { failure, onEmulator, stopAll, type OnEmulator } from "./support";

let the: OnEmulator;
beforeEach(async () => {
  the = await onEmulator();
});
afterEach(stopAll);

describe("workspaces", () => {
  it("are listed", async () => {
    await the.mags.new("a", { persistent: true });
    await the.mags.new("b", { persistent: true });
    const { workspaces, total } = await the.mags.listWorkspaces();
    expect(workspaces.map(({ workspaceId }) => workspaceId).sort()).toEqual(["a", "b"]);
    expect(total).toBe(2);
  });

  it("are not deleted while a job is active on them, named", async () => {
    const { requestId } = await the.mags.new("a", { persistent: true });
    the.calls();
    const error = await failure(the.mags.deleteWorkspace("a"));
    expect(error.message).toMatch(/"a" was not deleted.*job "a" \(request .*\)\. Stop them first/);
    expect(error.message).toContain(requestId);
    expect(the.calls().filter((call) => call.startsWith("DELETE"))).toEqual([]);
    await the.mags.stop("a");
    await the.mags.deleteWorkspace("a");
    expect((await the.mags.listWorkspaces()).total).toBe(0);
  });

  it("are deleted when a first answer was lost", async () => {
    await the.mags.new("a", { persistent: true });
    await the.mags.stop("a");
    the.emulator.inject({
      kind: "error-after",
      route: "DELETE /mags-workspaces/{workspace_id}",
      status: 503,
    });
    await the.mags.deleteWorkspace("a");
    expect((await the.mags.listWorkspaces()).total).toBe(0);
  });

  it("that nobody has cannot be deleted: names are case-sensitive", async () => {
    await the.mags.new("Site", { persistent: true });
    await the.mags.stop("Site");
    const error = await failure(the.mags.deleteWorkspace("site"));
    expect(error).toBeInstanceOf(NotFoundError);
    expect((await the.mags.listWorkspaces()).total).toBe(1);
  });
});

describe("files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mags-files-"));
    mkdirSync(join(folder, "other"));
    for (const name of ["a.txt", "b.txt", "other/a.txt"])
      writeFileSync(join(folder, name), `content of ${name}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const uploads = () => the.calls().filter((call) => call === "POST /mags-files");

  it("are uploaded under their names, and reach a job", async () => {
    the = await onEmulator({ execute: "process" });
    const ids = await the.mags.uploadFiles([join(folder, "b.txt"), join(folder, "a.txt")]);
    expect(ids).toHaveLength(2);
    expect(uploads()).toHaveLength(2);
    const script = 'cd "${MAGS_UPLOADS:-/uploads}" && cat a.txt b.txt';
    const { logs } = await the.mags.runAndWait(script, { fileIds: [ids[1]!, ids[0]!] });
    expect(logs.map(({ message }) => message).join("\n")).toContain("content of a.txtcontent of b.txt");
  });

  it("that cannot be read are all named, and nothing is sent", async () => {
    const paths = ["missing.txt", "a.txt", "other"].map((name) => join(folder, name));
    const error = await failure(the.mags.uploadFiles(paths));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch(/missing\.txt cannot be read \(ENOENT\)/);
    await expect(the.mags.uploadFiles(paths.slice(1))).rejects.toThrow(/other cannot be read \(EISDIR\)/);
    expect(uploads()).toEqual([]);
  });

  it("that are larger than one upload may be are named, before they are read", async () => {
    const path = join(folder, "large.bin");
    writeFileSync(path, "");
    truncateSync(path, 100_000_001);
    const error = await failure(the.mags.uploadFiles([path]));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch(/large\.bin/);
    expect(uploads()).toEqual([]);
  });

  it("of one name would hide each other, so they are refused", async () => {
    const paths = ["a.txt", "other/a.txt"].map((name) => join(folder, name));
    const error = await failure(the.mags.uploadFiles(paths));
    expect(error.message).toMatch(/would both be a\.txt under \/uploads/);
    expect(uploads()).toEqual([]);
  });
});
