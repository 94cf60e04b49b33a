import type { ListedKind } from "../../../cli/account/kinds";
import { selection } from "../../../cli/import/select";

const ALL: [ListedKind, string][] = [
  ["Workspace", "web-1"],
  ["Job", "web-1"],
  ["Job", "web-22"],
  ["Job", "a.b"],
  ["UrlAlias", "web"],
  ["CronJob", "nightly [1]"],
];

const chosen = (...only: string[]) => {
  const selects = selection(only);
  return ALL.filter(([kind, name]) => selects(kind, name)).map(([kind, name]) => `${kind} ${name}`);
};

describe("--only", () => {
  it.each<[string[], string[]]>([
    [[], ALL.map(([kind, name]) => `${kind} ${name}`)],
    [["job"], ["Job web-1", "Job web-22", "Job a.b"]],
    [["Jobs"], ["Job web-1", "Job web-22", "Job a.b"]],
    [["web-*"], ["Workspace web-1", "Job web-1", "Job web-22"]],
    [["web-?"], ["Workspace web-1", "Job web-1"]],
    [["job:web-?"], ["Job web-1"]],
    [
      ["alias", "cron-job"],
      ["UrlAlias web", "CronJob nightly [1]"],
    ],
    [["job:"], ["Job web-1", "Job web-22", "Job a.b"]],
    // Nothing but * and ? means anything else than itself.
    [["a.?"], ["Job a.b"]],
    [["aXb"], []],
    [["*[1]"], ["CronJob nightly [1]"]],
    [["web-\\*"], []],
  ])("%j takes %j", (only, expected) => expect(chosen(...only)).toEqual(expected));

  it.each([
    ["", /needs a kind, a pattern of names, or both/],
    ["vm:web", /no kind "vm": there are workspace, job, alias, cron/],
  ])("%j is refused", (only, message) => expect(() => selection([only])).toThrow(message));
});
