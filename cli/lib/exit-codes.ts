/** What the command ends with, for scripts. docs/cli.md has this table. */
export const EXIT_CODES = {
  done: { code: 0, meaning: "Done. What was asked for is as it should be." },
  failed: { code: 1, meaning: "Failed, or wrongly called: the message says why." },
  differs: {
    code: 2,
    meaning:
      "Nothing failed, but there are differences: a stale manifest, changes with `diff --exit-code`, or drift.",
  },
  refused: {
    code: 3,
    meaning: "Among the changes is one that a deploy would refuse, since it would lose data.",
  },
} as const;
