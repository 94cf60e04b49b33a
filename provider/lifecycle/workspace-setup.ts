import { createHash } from "node:crypto";

/** Folder inside the workspace that remembers the setup. `/root` is what Mags syncs (documented). */
const RECORD = "${HOME:-/root}/.mags-setup";
const LOG_LINES = 50;
/** A process that the setup leaves behind keeps its output open; so long it is still read when the setup is over. */
const LEFT_BEHIND_SECONDS = 2;

/** What the record in a workspace says. */
export type SetupRecord =
  { state: "absent" } | { state: "begun" } | { state: "done"; exitCode: number; logTail: string };

/**
 * A script that runs the user's setup unless the workspace remembers that it ran: exit code, end of the log
 * and hash of the script are kept in the workspace. It always ends well, so that the VM stays to be asked.
 * @param retry run again over a setup that is recorded as failed
 */
export function setupScript(setup: string, options: { retry: boolean }): string {
  const sha256 = createHash("sha256").update(setup).digest("hex");
  // A line that no script can hold by accident ends the here-document.
  const end = `END_OF_SETUP_${sha256.slice(0, 16)}`;
  return `d="${RECORD}"
if [ -e "$d/exit-code" ]; then
  ${options.retry ? `[ "$(cat "$d/exit-code")" = 0 ] && exit 0` : "exit 0"}
elif [ -e "$d/begun" ]; then
  exit 0
fi
rm -rf "$d" && mkdir -p "$d" || exit 1
cat > "$d/script" <<'${end}'
${setup}
${end}
chmod 700 "$d/script"
echo ${sha256} > "$d/script-sha256"
: > "$d/begun"
if [ "$(head -c 2 "$d/script")" = "#!" ]; then set -- "$d/script"; else set -- /bin/sh "$d/script"; fi
p="\${TMPDIR:-/tmp}/mags-setup.$$"
rm -f "$p" && mkfifo "$p" || exit 1
tee "$d/log" < "$p" & t=$!
(cd "\${HOME:-/root}"; "$@" < /dev/null > "$p" 2>&1)
echo $? > "$d/exit-code.new"
(sleep ${LEFT_BEHIND_SECONDS}; kill "$t") > /dev/null 2>&1 & w=$!
wait "$t"
kill "$w" 2>/dev/null
rm -f "$p"
tail -n ${LOG_LINES} "$d/log" > "$d/log-tail"
rm -f "$d/log" "$d/script"
mv "$d/exit-code.new" "$d/exit-code"
exit 0
`;
}

/** A command that prints the record, for `parseRecord`. Where nothing is really run, every setup counts as done. */
export const READ_RECORD = `d="${RECORD}"
# simulate: echo done 0
if [ -e "$d/exit-code" ]; then echo "done $(cat "$d/exit-code")"; cat "$d/log-tail" 2>/dev/null
elif [ -e "$d/begun" ]; then echo begun; else echo absent; fi`;

export function parseRecord(stdout: string): SetupRecord | undefined {
  const [first = "", ...rest] = stdout.split("\n");
  if (first === "absent" || first === "begun") return { state: first };
  const match = /^done (\d+)$/.exec(first.trim());
  return match
    ? { state: "done", exitCode: Number(match[1]), logTail: rest.join("\n").trimEnd() }
    : undefined;
}
