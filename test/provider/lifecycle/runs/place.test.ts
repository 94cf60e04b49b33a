import { masked, messageTail } from "../../../../provider/lifecycle/runs/place";

const order = (secrets: Record<string, string>, more = {}) => ({
  name: "migrate",
  runId: "migrate-0123456789ab",
  inputs: { secrets, ...more },
});

describe("a log as it is shown", () => {
  it.each<[string, Record<string, string>, string, string]>([
    ["a value, wherever it stands", { A: "hunter2" }, "a hunter2b\nhunter2", "a [secret]b\n[secret]"],
    ["a value of one character too", { A: "x" }, "fix it", "fi[secret] it"],
    ["the longer of two first", { A: "abc", B: "abcdef" }, "abcdef abc", "[secret] [secret]"],
    ["a value of many lines", { A: "line one\nline two" }, "> line one\nline two\n", "> [secret]\n"],
    ["a line of one alone", { A: "line one\nline two\n}" }, "line two\n}", "[secret]\n}"],
    ["the end of one whose beginning was cut off", { A: "correct horse" }, "ct horse and", "[secret] and"],
    ["nothing for an empty one", { A: "", B: " " }, "a b", "a b"],
  ])("masks %s", (_what, secrets, log, shown) => expect(masked(log, order(secrets))).toBe(shown));

  it("is as it is without secrets", () => {
    expect(masked("a\nb", { ...order({}), inputs: {} })).toBe("a\nb");
  });
});

describe("the end of a log for a message", () => {
  const log = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`).join("\n");

  it("is its last twenty lines", () => {
    expect(messageTail(log, order({}))!.split("\n")).toHaveLength(20);
    expect(messageTail(log, order({}))).toMatch(/^line 31\n.*line 50$/s);
  });

  it("is none where the program has made it a secret", () => {
    expect(messageTail(log, order({}, { secretLog: true }))).toBeUndefined();
  });
});
