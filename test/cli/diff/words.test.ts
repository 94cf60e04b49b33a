import { inWords, meaningOf } from "../../../cli/diff/words";
import {
  AlwaysOnService,
  CronJob,
  Job,
  Renames,
  RemovalPolicy,
  Schedule,
  Secret,
  Workspace,
  interpolate,
  type Input,
  type Stack,
} from "../../../constructs";
import { EFFECT_ORDER } from "../../../provider/schema/fields";
import { brief, changesOf, output } from "./support";

describe("the words", () => {
  it("say what was, what is, and what that does", () => {
    const script = (word: string) =>
      ["set -e", "cd ~", "one", "two", word, "five", "six", "seven", "end"].join("\n");
    const before = (stack: Stack) => {
      new Workspace(stack, "reports", { setup: "a\nb\nc\n" });
      new CronJob(stack, "nightly", {
        schedule: Schedule.daily({ hour: 3 }),
        script: script("three"),
        environment: { KEY: "1" },
      });
    };
    const after = (stack: Stack) => {
      const reports = new Workspace(stack, "reports", { setup: "a\nB\nc\n" });
      new CronJob(stack, "nightly", {
        schedule: Schedule.cron({ minute: 0, hour: 3, weekDay: "MON-FRI" }),
        script: script("four"),
        environment: { JOINED: interpolate`${reports.name}/${output()}`, KEY: Secret.of("x"), URL: output() },
        workspace: reports,
      });
      new Job(stack, "web", { vcpus: 4 });
    };
    expect(inWords(changesOf(before, after))).toMatchInlineSnapshot(`
     "~ s/nightly (CronJob): patch
         cronExpression: "0 3 * * *" (At 03:00 (UTC)) → "0 3 * * MON-FRI" (At 03:00, Monday through Friday (UTC))
         script:
           …
             two
           - three
           + four
             five
           …
         workspaceId: (none) → s/reports.workspaceId
         environment.JOINED: (none) → "‹s/reports.name›/‹(known when deployed)›"
         environment.KEY: "1" → (secret)
         environment.URL: (none) → (known when deployed)

     ~ s/reports (Workspace): local
         setup:
             a
           - b
           + B
             c

     + s/web (Job): create

     1 to create, 1 to record only, 1 to patch.

     create: it is made.
     local: nothing is changed in the cloud: only the state changes.
     patch: changed through the API on the live object, without a restart.
     "
    `);
  });

  it("a text with a reference to an explicit name is that text", () => {
    const client = (stack: Stack, value: Input<string>) =>
      new Job(stack, "client", { environment: { API: value } });
    const before = (stack: Stack) => {
      new Job(stack, "api", { name: "api" });
      client(stack, "http://api:80");
    };
    const after = (stack: Stack) => {
      client(stack, interpolate`http://${new Job(stack, "api", { name: "api" }).name}:80`);
    };
    expect(brief(changesOf(before, after))).toEqual([]);
  });

  it("say of everything that a deploy can do what that means", () => {
    for (const action of ["create", "delete", "forget", "rename", ...EFFECT_ORDER] as const) {
      expect(meaningOf(action)).toMatch(/^[A-Za-z].{8,}[a-z)]$/);
    }
  });

  it("say what goes on under another path, what follows from something else, and what is kept", () => {
    const build =
      (id: string, before: string | undefined, noSleep: boolean, name: string) => (stack: Stack) => {
        const service = new AlwaysOnService(stack, id, { script: "serve", noSleep });
        if (before !== undefined) Renames.of(service).from(before);
        const base = Workspace.fromName(stack, "base", name);
        const files = new Workspace(stack, "files", { base, deletionProtection: false });
        files.addJob("job", { http: { port: 80 }, baseWorkspaceId: "fixed" }).addAlias("url");
        const kept = new Job(stack, "kept", {
          name,
          http: { port: 80 },
          removalPolicy: RemovalPolicy.RETAIN,
        });
        new Job(stack, "client", { environment: { URL: interpolate`${kept.url}/x` } });
      };
    const changes = changesOf(build("web", undefined, true, "a"), build("site", "web", false, "b"));
    expect(inWords(changes)).toMatchInlineSnapshot(`
     "~ s/client (Job): restart
         files on its local disk are lost, since allowDataLoss permits it
         environment.URL: "‹s/kept.url›/x" → "‹another s/kept.url›/x"

     ± s/files (Workspace): replace
         baseWorkspaceId: "a" → "b"

     ± s/files/job (Job): replace
         since s/files is replaced, and is referred to

     ~ s/files/job/url (UrlAlias): repoint
         since s/files/job is replaced, and is referred to

     ± s/kept (Job): replace
         the old one leaves the state, and stays in the cloud as it is (removal policy)
         name: "a" → "b"

     ~ s/site/Job (Job): patch
         renamed from s/web/Job: nothing is replaced
         noSleep: true → false

     ~ s/site/Job/Alias (UrlAlias): rename
         renamed from s/web/Job/Alias: nothing is replaced

     ~ s/site/Workspace (Workspace): rename
         renamed from s/web/Workspace: nothing is replaced

     2 to rename, 1 to patch, 1 to repoint, 1 to restart, 3 to replace.

     rename: it goes on under another path: nothing is changed in the cloud.
     patch: changed through the API on the live object, without a restart.
     repoint: the alias is deleted and created again under the same subdomain, and put back if that fails.
     restart: the VM is synced, stopped and started again under the same name with all settings; the resource, its id, its workspace and its aliases stay.
     replace: Pulumi deletes the object, then creates another.
     "
    `);
  });

  it("do not flood", () => {
    const text = (word: string) => Array.from({ length: 300 }, (_, i) => `${word} ${i}`).join("\n");
    const build = (word: string) => (stack: Stack) =>
      new CronJob(stack, "c", {
        schedule: Schedule.daily(),
        script: text(word),
        environment: { A: word.repeat(500) },
      });
    const lines = inWords(changesOf(build("a"), build("b"))).split("\n");
    expect(lines.length).toBeLessThan(60);
    expect(lines.every((line) => line.length < 230)).toBe(true);
    expect(lines.join("\n")).toMatch(/… and \d+ lines more/);
  });
});
