import fc from "fast-check";
import { markerOf, textOf } from "../../../cli/preview/comment-text";

const NOW = Date.parse("2026-01-03T00:00:00Z");
const RECORD = {
  created: Date.parse("2026-01-01T00:00:00Z"),
  expires: Date.parse("2026-01-06T00:00:00Z"),
  sha: "0123456789abcdef",
  url: "https://pr-7.example.test",
  changes: "2 created, 1 updated",
};

it("says where it is, of which commit, what has changed, how old it is and until when", () => {
  expect(textOf({ ...RECORD, state: "up", isRenewable: true, run: "https://github.test/run/1" }, NOW)).toBe(
    `### Preview

| | |
| --- | --- |
| URL | https://pr-7.example.test/ |
| Commit | \`0123456789ab\` |
| Changes | 2 created, 1 updated |
| Age | 2d |
| Expires | 2026-01-06 00:00 UTC, unless it is pushed to |
| Run | https://github.test/run/1 |`,
  );
});

it("says nothing of a push that would not make it live longer", () =>
  expect(textOf({ ...RECORD, state: "up", isRenewable: false }, NOW)).toContain("| 2026-01-06 00:00 UTC |"));

it("says of a failure that there was one, and nothing of what it said", () => {
  const text = textOf({ ...RECORD, state: "failed", error: "the password is hunter2" }, NOW);
  expect(text).toContain("the last update failed");
  expect(text).not.toContain("hunter2");
});

it("gives no URL for what is removed", () => {
  const text = textOf({ ...RECORD, state: "removed" }, NOW);
  expect(text).toContain("removed");
  expect(text).not.toContain("example.test");
});

it.each(["javascript:alert(1)", "not a url", "https://user:password@host.test", "file:///etc/passwd"])(
  "%s is no URL to show",
  (url) => expect(textOf({ ...RECORD, url, state: "up" }, NOW)).not.toContain("| URL |"),
);

it("lets no markup, mention or comment through", () =>
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.webUrl(), (changes, sha, url) => {
      const text = textOf({ ...RECORD, changes, sha, url, state: "up" }, NOW);
      expect(text).not.toMatch(/[<>@[\]]/);
      expect(text.split("\n").length).toBeLessThanOrEqual(10);
    }),
  ));

it("has a marker for each stack", () => {
  expect(markerOf("shop", "pr-7")).not.toBe(markerOf("shop", "pr-70"));
  expect(markerOf("shop", "pr-70")).not.toContain(markerOf("shop", "pr-7"));
});
