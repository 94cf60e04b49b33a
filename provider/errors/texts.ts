/** What several messages have in common. */

/** A server's message may end with a full stop of its own. */
export const withoutStop = (text: string) => text.replace(/\.$/, "");

export const tail = (logTail: string) => (logTail ? `\nIts last lines:\n${logTail}` : "\nIt wrote no log.");

export const listed = (problems: string[]) => problems.map((problem) => `  - ${problem}`).join("\n");
