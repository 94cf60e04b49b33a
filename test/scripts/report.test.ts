import { callScript, temporaryFolder } from "./call";

const suite = (status: string, ...tests: [string, string][]) => ({
  status,
  assertionResults: tests.map(([state, fullName]) => ({ status: state, fullName })),
});

describe("summary of a test report", () => {
  it("adds up all suites, and counts one that could not be loaded as failed", async () => {
    const report = {
      testResults: [
        suite("passed", ["passed", "a"], ["pending", "b [skipped: no engine]"]),
        suite("failed", ["failed", "c"], ["passed", "d"]),
        suite("failed"),
      ],
    };
    const summary = await callScript("lib/report.mjs", `return m.summarize(${JSON.stringify(report)})`);
    expect(summary).toEqual({ passed: 2, failed: 2, skipped: 1, skips: ["b: no engine"], unexplained: [] });
  });

  it("names tests that are skipped without a reason", async () => {
    const report = { testResults: [suite("passed", ["pending", "left out"], ["todo", "later"])] };
    const summary = await callScript("lib/report.mjs", `return m.summarize(${JSON.stringify(report)})`);
    expect(summary).toMatchObject({ skipped: 2, unexplained: ["left out", "later"] });
  });

  it("prints the totals as one plain line", async () => {
    const text = await callScript("lib/report.mjs", "return m.totals({ passed: 3, failed: 1, skipped: 2 })");
    expect(text).toBe("3 passed, 1 failed, 2 skipped");
  });
});

describe("search for focused tests", () => {
  it("finds every form, and nothing that only looks like one", async () => {
    const { folder, remove } = temporaryFolder({
      "focused.test.ts":
        'it.only("a", f);\ntest.concurrent.only("b", f);\nfdescribe("c", f);\ndescribe["only"]("d", f);\n',
      "fine.test.ts":
        '// it.only\nconst s = "fit("; layout.fit(); only(); read.only; const o = { fit: 1 };\n',
    });
    try {
      const found = await callScript<string[]>(
        "lib/focus.mjs",
        `return m.findFocusedTests(${JSON.stringify(folder)})`,
      );
      expect(found.map((place) => place.slice(folder.length + 1)).sort()).toEqual(
        [1, 2, 3, 4].map((line) => `focused.test.ts:${line}`),
      );
    } finally {
      remove();
    }
  });
});
