import type { Belongings } from "../../../cli/preview/cloud";
import { listed, rowOf } from "../../../cli/preview/list";

const NOTHING: Belongings = { jobs: [], workspaces: [], aliases: [], crons: [] };

it("a preview of schedules alone is scheduled; one of nothing is empty", () => {
  const crons = [{ id: "1", name: "tick" }] as unknown as Belongings["crons"];
  expect(rowOf(7, {}, { ...NOTHING, crons }, 0)).toMatchObject({ state: "scheduled" });
  expect(rowOf(7, {}, NOTHING, 0)).toMatchObject({ state: "empty" });
});

it("nothing that a program says moves the cursor", () => {
  const url = "https://a.test/\u001b[2J";
  const text = listed([rowOf(7, { url, error: "it \u001b]0;broke" }, NOTHING, 0)], 0);
  expect(text).not.toContain("\u001b");
  expect(text.split("\n")[0]).toMatch(/^PR +STATE +AGE +EXPIRES +USES +URL$/);
  expect(text).toMatch(/#7: it .\]0;broke\n$/);
});
