/** What the command ends with, for scripts. docs/cli.md has this table. */
export const EXIT_CODES = {
  done: { code: 0, meaning: "Done. What was asked for is as it should be." },
  failed: {
    code: 1,
    meaning:
      "Failed, or wrongly called: the message says why. With `doctor`: something is wrong that a deploy would fail of.",
  },
  differs: {
    code: 2,
    meaning:
      "Nothing failed, but there is something to look at: a stale manifest, changes with `diff --exit-code`, drift, a warning of `doctor`.",
  },
  refused: {
    code: 3,
    meaning: "Among the changes is one that a deploy would refuse, since it would lose data.",
  },
  interrupted: {
    code: 130,
    meaning:
      "Interrupted with Ctrl-C; 143 by SIGTERM. Where Ctrl-C is the way to end, as of `emulator` and `fleet --watch`, it is 0.",
  },
} as const;
