import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { callScript } from "../../scripts/call";

const bench = (name: string) => JSON.stringify(pathToFileURL(join(__dirname, "..", "..", "..", name)).href);

interface Played {
  turns: string[];
  removed: string[];
  failures: { at: string; why: string }[];
  records: { phase: string; latency: number; contestant: string; milliseconds: number[]; calls: object }[];
}

/** What a fleet of two comes to, with contestants that make calls of their own; `broken` is what one fails at. */
function played({ broken = "", latency = 0, make = 2 } = {}): Promise<Played> {
  return callScript(
    "../bench/fleet/runner.mjs",
    `const { FleetRecords } = await import(${bench("bench/fleet/records.mjs")});
     const { UserError } = await import(${bench("scripts/lib/errors.mjs")});
     const turns = [], removed = [];
     const contestant = (id) => class {
       constructor({ emulator, checkpoints }) {
         Object.assign(this, { emulator, ids: [], bare: checkpoints ? "" : "bare " });
       }
       async init() {}
       async call(method, path, body) {
         const { url, token } = this.emulator;
         const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
         const answer = await fetch(url + "/api/v1" + path, { method, headers, body: JSON.stringify(body) });
         return answer.json();
       }
       async run(name, work) {
         turns.push(id + " " + this.bare + name);
         if (id + " " + name === ${JSON.stringify(broken)}) throw new UserError("it broke");
         const start = performance.now();
         await work();
         return { milliseconds: performance.now() - start, providerPeakBytes: 1000 };
       }
       firstUp() {
         return this.run("up", async () => {
           for (let index = 0; index < ${make}; index++) {
             const body = { script: "sleep infinity", persistent: true, name: "vm-" + index };
             this.ids.push((await this.call("POST", "/mags-jobs", body)).request_id);
           }
         });
       }
       unchanged() { return this.run("unchanged", async () => {}); }
       changeOne() {
         return this.run("change", () => this.call("PATCH", "/mags-jobs/" + this.ids[1], { startup_command: "true" }));
       }
       refresh() { return this.run("refresh", () => this.call("GET", "/mags-jobs")); }
       destroy() {
         return this.run("destroy", async () => {
           for (const one of this.ids.splice(0)) await this.call("POST", "/mags-jobs/" + one + "/stop");
         });
       }
       async stateBytes() { return 100; }
       remove() { removed.push(id); }
     };
     const entries = ["one", "two"].map((id) => (
       { id, title: id, Contestant: contestant(id), calls: true, skipsCheckpoints: id === "one" }));
     const records = new FleetRecords();
     const runner = new m.FleetRunner({ bin: "", entries, records, progress: () => undefined });
     await runner.cell(
       { resources: 2, latency: ${latency}, refreshAt: [] },
       { checkpoints: 1, ups: 1, unchanged: 2, changes: 1, refreshes: 1 });
     return { turns, removed, failures: runner.failures, records: records.list };`,
  );
}

describe("fleets side by side", () => {
  it("take turns, and who goes first changes", async () => {
    const { turns, removed } = await played();
    expect(turns).toEqual([
      ...["one up", "one bare up", "two bare up"],
      ...["one bare unchanged", "two bare unchanged", "two bare unchanged", "one bare unchanged"],
      ...["one bare change", "two bare change", "one bare refresh", "two bare refresh"],
      ...["one bare destroy", "two bare destroy"],
    ]);
    expect(removed.sort()).toEqual(["one", "one", "two"]);
  });

  it("have the calls of each phase counted by route, and each call answered late", async () => {
    const { records, failures } = await played({ latency: 30 });
    expect(failures).toEqual([]);
    const of = (phase: string) =>
      records.find((record) => record.phase === phase && record.contestant === "two")!;
    // It cannot go without checkpoints, so its first up is one by default.
    expect(of("first-up").calls).toEqual({ "POST /mags-jobs": 2 });
    expect(of("no-op-up")).toMatchObject({
      calls: {},
      milliseconds: [expect.any(Number), expect.any(Number)],
    });
    expect(of("change-one").calls).toEqual({ "PATCH /mags-jobs/{id}": 1 });
    expect(of("refresh").calls).toEqual({ "GET /mags-jobs": 1 });
    expect(of("destroy").calls).toEqual({ "POST /mags-jobs/{id}/stop": 2 });
    // A timer may be a millisecond early.
    expect(of("first-up").milliseconds[0]).toBeGreaterThan(58);
  });

  it("go on without whom something fails for, and tell of it", async () => {
    const { turns, records, failures, removed } = await played({ broken: "one unchanged" });
    expect(failures).toEqual([{ at: "2 at 0 ms, no-op up: one", why: "it broke" }]);
    expect(turns.filter((turn) => turn.startsWith("one bare"))).toEqual([
      "one bare up",
      "one bare unchanged",
    ]);
    expect(turns).toContain("two bare destroy");
    expect(records.some(({ phase, contestant }) => phase === "no-op-up" && contestant === "one")).toBe(false);
    expect(removed.sort()).toEqual(["one", "one", "two"]);
  });

  it("are not measured where jobs are missing", async () => {
    const { records, failures } = await played({ make: 1 });
    expect(records).toEqual([]);
    expect(failures[0]?.why).toMatch(/brought up 1 of 2 jobs, so its times mean nothing/);
  });
});
