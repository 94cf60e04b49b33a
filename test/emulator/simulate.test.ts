import { interpret } from "../../emulator/runtime/simulate";

describe("a script that is not run", () => {
  it("says itself what it comes to, on a line that a shell takes for a comment", () => {
    const script = "set -e\n./migrate | tee log\n  # simulate: sleep 20; echo migrated; exit 3\nfalse";
    expect(interpret(script, true)).toEqual({
      durationMs: 20_000,
      exitCode: 3,
      stdout: "migrated\n",
      stderr: "",
    });
  });

  it("is a service by such a line, and ends by one", () => {
    expect(interpret("exit 1\n# simulate: ./serve", true).durationMs).toBe(Infinity);
    expect(interpret("./serve\n# simulate: true", true)).toMatchObject({ durationMs: 0, exitCode: 0 });
  });

  it("counts as done where it says nothing, also by what only looks like such a line", () => {
    expect(interpret("./migrate; echo '# simulate: exit 3'", false).exitCode).toBe(0);
  });
});
