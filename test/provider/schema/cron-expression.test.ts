import { cronProblem } from "../../../provider/schema/cron";

describe("cronProblem", () => {
  it.each([
    "0 3 * * *",
    "*/5 * * * *",
    "0-10/2 9-17 * * 1-5",
    "0 0 29 2 *",
    "0 0 31 1,3,5 *",
    "30 4 1,15 * 5",
    "0 22 * * MON-FRI",
    "0 0 1 JAN *",
    "  0   3  *\t* *  ",
    "59 23 31 12 0",
  ])("%j fires", (text) => expect(cronProblem(text)).toBeUndefined());

  it.each<[string, number]>([
    ["", 0],
    ["   ", 0],
    ["* * * *", 4],
    ["0 0 3 * * *", 6],
    ["@daily", 1],
    ["0 3 * * * 2030 2031", 7],
  ])("%j has the wrong number of fields", (text, fields) => {
    expect(cronProblem(text)).toMatch(
      `has ${fields} ${fields === 1 ? "field" : "fields"}: a cron expression has five`,
    );
    expect(cronProblem(text)).toContain('for example "0 3 * * *"');
  });

  it.each([
    "every day at 3 pm",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 13 *",
    "* * * * 8",
    "-1 * * * *",
    "1.5 * * * *",
    "0/5 * * * *",
    "a b c d e",
    "*/0 * * * *",
    "5-1 * * * *",
    "* * * FOO *",
  ])("%j is nonsense", (text) => expect(cronProblem(text)).toMatch(/^is no cron expression: ./));

  it.each(["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"])("%j never fires", (text) =>
    expect(cronProblem(text)).toBe(`never fires: there is no day that "${text}" describes.`),
  );
});
