import { createHash } from "node:crypto";

/**
 * What runs in the VM: a wrapper around the user's script, and the record of it, kept in a folder of its own
 * below the home folder, which Mags syncs where there is a workspace (documented). Files in there, in the order
 * in which they come: `part.*` and `runner` (delivered), `begun` (may start from now on), `started` (a folder:
 * who makes it starts the script), `pid`, `log-tail`, `exit-code`; and `stopped` where it was to end early.
 */
const FOLDER = "${HOME:-/root}/.mags-runs";
const LOG_LINES = 50;
const LOG_BYTES = 16 * 1024;
/** So much of the output goes into the log of a VM of its own; of more, only the end does. */
const PASSED_BYTES = 1024 * 1024;
/** A process that the script leaves behind keeps its output open; so long it is still read when the script is over. */
const LEFT_BEHIND_SECONDS = 2;
/** How long a script may take to be started on a busy VM. */
const START_SECONDS = 10;
/** Where the VM is not busy, it is started after a few milliseconds. */
const SHORT_LOOKS = 10;
/** How long a script that is to end has for ending. */
const STOP_SECONDS = 5;
/** A kernel takes commands of at most 128 KB (Linux); quoting may make four characters of one. */
const PART_CHARACTERS = 24 * 1024;

/** What the record in a VM says. */
export type RunRecord =
  | { state: "absent" }
  /** Everything is in place, and nothing was started in the VM that `stamp` names. */
  | { state: "ready"; stamp: string }
  | { state: "running" }
  | { state: "done"; exitCode: number; logTail: string }
  /** It was started, and neither is there a process nor did it get to its end; or it was stopped. */
  | { state: "lost" | "stopped"; logTail: string };

/** Where the record is, for people. */
export function recordFolder(runId: string): string {
  return `~/.mags-runs/${runId}`;
}

/**
 * The script of a VM that exists for one run only and keeps nothing. It prints a line when the user's script
 * begins and one when it ends, since `exit_code` may be missing (recorded), and ends with its exit code.
 */
export function aloneScript(runId: string, script: string): string {
  const end = `END_OF_RUN_${createHash("sha256").update(script).digest("hex").slice(0, 16)}`;
  return `${folder(runId)}
rm -rf "$mags_run"; mkdir -p "$mags_run" || exit 1
cat > "$mags_run/script" <<'${end}'
${script}
${end}
printf '%s\\n' ${quoted(beginLine(runId))}
${carryOut(PASSED_BYTES)}
if [ -e "$mags_run/cut" ]; then
  printf '%s\\n' "(more than ${PASSED_BYTES / 1024 / 1024} MB of output; these are its last lines)"
  cat "$mags_run/log-tail"
fi
printf '%s\\n' "${endLine(runId)} $c"
exit "$c"
`;
}

/**
 * What the log of such a VM says: whether the script began, its exit code if it ended, and its last lines.
 * @param mask what to do to the script's own output before anything of it is cut off
 */
export function readAloneLog(
  runId: string,
  lines: readonly string[],
  mask: (text: string) => string = (text) => text,
): { begun: boolean; exitCode?: number; logTail: string } {
  const text = lines.flatMap((line) => line.split("\n"));
  const begin = text.indexOf(beginLine(runId));
  const end = text.findLastIndex((line) => line.startsWith(`${endLine(runId)} `));
  const own = text.slice(begin + 1, end < 0 ? undefined : end);
  const exitCode = end < 0 ? undefined : Number(text[end]!.slice(endLine(runId).length + 1));
  return { begun: begin >= 0 || end >= 0, exitCode, logTail: lastOf(mask(own.join("\n")).split("\n")) };
}

/**
 * Commands that bring a script into a VM and make it ready to be started there, in order. Each may be sent
 * again, and all do nothing once the script was started.
 * @param stamp names the VM
 */
export function deliverCommands(runId: string, script: string, stamp: string): string[] {
  const parts = partsOf(script);
  const commands = parts.map((part, index) => {
    const number = String(index).padStart(4, "0");
    return `mkdir -p "$mags_run" && printf %s ${quoted(part)} > "$mags_run/part.${number}"`;
  });
  const ready = `printf %s ${quoted(runner())} > "$mags_run/runner" && printf '%s\\n' ${quoted(stamp)} > "$mags_run/begun.new" && mv -f "$mags_run/begun.new" "$mags_run/begun"`;
  const guarded = (command: string) => `${folder(runId)}; [ -e "$mags_run/started" ] || { ${command}; }`;
  return parts.length === 1
    ? [guarded(`${commands[0]!} && ${ready}`)]
    : [...commands.map(guarded), guarded(ready)];
}

/**
 * Starts what was made ready, unless that was done before, in a session of its own: the processes of a command
 * end with it (observed). Other runs of the same name, which an interrupted update has left, are stopped first.
 */
export function startCommand(name: string, runId: string, environment: Record<string, string>): string {
  const exports = Object.entries(environment).map(([key, value]) => `export ${key}=${quoted(value)}`);
  const hash = "?".repeat(runId.length - name.length - 1);
  return `${ALIVE}
${STOP}
for mags_run in "${FOLDER}/${name}"-${hash}; do
  if [ "\${mags_run##*/}" != ${quoted(runId)} ] && [ -e "$mags_run/started" ]; then stop; fi
done
${folder(runId)}
if [ -e "$mags_run/begun" ] && [ ! -e "$mags_run/stopped" ] && mkdir "$mags_run/started" 2>/dev/null; then
  cat "$mags_run"/part.* > "$mags_run/script" && rm -f "$mags_run"/part.*
  ${exports.join("\n  ")}
  if command -v setsid > /dev/null 2>&1; then
    setsid nohup /bin/sh "$mags_run/runner" < /dev/null > /dev/null 2>&1 &
  else
    set -m 2>/dev/null
    nohup /bin/sh "$mags_run/runner" < /dev/null > /dev/null 2>&1 &
  fi
  # Until it is in its own session it would end with this command.
  i=0
  until [ -s "$mags_run/pid" ] || [ "$i" -ge ${START_SECONDS * 10 + SHORT_LOOKS} ]; do
    i=$((i + 1))
    [ "$i" -le ${SHORT_LOOKS} ] && pause=0.01 || pause=0.1
    sleep "$pause" 2>/dev/null || sleep 1
  done
fi
${lookCommand(runId)}`;
}

/** Prints the record, for `parseRunRecord`. Where nothing is really run, every run counts as done. */
export function lookCommand(runId: string): string {
  return `${folder(runId)}
# simulate: echo done 0
${ALIVE}
over() {
  if [ -e "$mags_run/exit-code" ]; then echo "done $(cat "$mags_run/exit-code")"; cat "$mags_run/log-tail" 2>/dev/null
  elif [ -e "$mags_run/stopped" ]; then echo stopped; ${TAIL}
  else return 1; fi
}
if over; then :
elif [ ! -e "$mags_run/begun" ]; then echo absent
elif [ ! -e "$mags_run/started" ]; then echo "ready $(cat "$mags_run/begun")"
else
  # What is just being started, or ending, may look lost for a moment.
  for pause in 0 1; do
    sleep "$pause"
    if alive; then echo running; exit 0; elif over; then exit 0; fi
  done
  echo lost
  ${TAIL}
fi`;
}

export function parseRunRecord(stdout: string): RunRecord | undefined {
  const [first = "", ...rest] = stdout.split("\n");
  const [state, detail = ""] = [first.split(" ", 1)[0], first.slice(first.indexOf(" ") + 1).trim()];
  const logTail = lastOf(rest);
  if (state === "absent" || state === "running") return { state };
  if (state === "lost" || state === "stopped") return { state, logTail };
  if (state === "ready") return { state, stamp: detail };
  return state === "done" && /^\d+$/.test(detail) ? { state, exitCode: Number(detail), logTail } : undefined;
}

/** Ends what was started, and keeps from starting what was not. */
export function stopCommand(runId: string): string {
  return `${folder(runId)}
${ALIVE}
${STOP}
stop
exit 0`;
}

// Names that no environment is likely to use: the script must see its own.
const folder = (runId: string) => `mags_run="${FOLDER}/${runId}"`;
const beginLine = (runId: string) => `mags-run ${runId}: begun`;
const endLine = (runId: string) => `mags-run ${runId}: exit code`;

/** A pid may have been given to somebody else since; ours has the run in its command line. */
const ALIVE = `alive() {
  p=$(cat "$mags_run/pid" 2>/dev/null) && [ -n "$p" ] && kill -0 "$p" 2>/dev/null &&
    { [ ! -r "/proc/$p/cmdline" ] || tr '\\0' ' ' < "/proc/$p/cmdline" | grep -qF "\${mags_run##*/}"; }
}`;

const STOP = `stop() {
  if [ -e "$mags_run/begun" ] && [ ! -e "$mags_run/exit-code" ]; then
    echo > "$mags_run/stopped"
    if alive; then
      kill -TERM "-$p" 2>/dev/null
      i=0
      while kill -0 "-$p" 2>/dev/null && [ "$i" -lt ${STOP_SECONDS} ]; do sleep 1; i=$((i + 1)); done
      kill -KILL "-$p" 2>/dev/null
    fi
  fi
}`;

/** Prints the end of the output so far. */
const TAIL = `cat "$mags_run/log.old" "$mags_run/log" "$mags_run/log.new" 2>/dev/null | tail -n ${LOG_LINES} | tail -c ${LOG_BYTES}`;

/** What is started inside a VM: carries the script out, and puts down what came of it, the exit code last. */
function runner(): string {
  // Not by the home folder, which the run's environment may name otherwise.
  return `mags_run="\${0%/*}"
echo $$ > "$mags_run/pid"
${carryOut(0)}
rm -f "$mags_run/script" "$mags_run/pipe" "$mags_run/log" "$mags_run/log.old" "$mags_run/log.new" "$mags_run/runner" "$mags_run/cut"
echo "$c" > "$mags_run/exit-code.new"
mv -f "$mags_run/exit-code.new" "$mags_run/exit-code"
`;
}

/**
 * Runs \`$mags_run/script\`: its exit code is in \`$c\` then, the end of its output in \`$mags_run/log-tail\`. Its output is read
 * in pieces of which two are kept, so that it may be of any length, and read to its end, so that nobody is cut
 * off: not even a script that is being ended and has something to say.
 * @param passed bytes of the output that are shown as well
 */
function carryOut(passed: number): string {
  return `chmod 700 "$mags_run/script"
if [ "$(head -c 2 "$mags_run/script")" = "#!" ]; then set -- "$mags_run/script"; else set -- /bin/sh "$mags_run/script"; fi
mkfifo "$mags_run/pipe"
(
  trap '' TERM
  n=0
  while :; do
    if [ "$n" -lt ${passed} ]; then dd bs=4096 count=256 2>/dev/null | tee "$mags_run/log.new"
    else dd bs=4096 count=256 > "$mags_run/log.new" 2>/dev/null; fi
    [ -s "$mags_run/log.new" ] || break
    [ "$n" -lt ${passed} ] || echo > "$mags_run/cut"
    n=$((n + $(wc -c < "$mags_run/log.new")))
    mv -f "$mags_run/log" "$mags_run/log.old" 2>/dev/null
    mv -f "$mags_run/log.new" "$mags_run/log"
  done
  exec cat > /dev/null
) < "$mags_run/pipe" & mags_reader=$!
(cd "\${HOME:-/root}" && exec "$@") < /dev/null > "$mags_run/pipe" 2>&1
c=$?
trap : USR1
(sleep ${LEFT_BEHIND_SECONDS}; kill -USR1 $$) > /dev/null 2>&1 & w=$!
wait "$mags_reader"
kill "$w" 2>/dev/null
${TAIL} > "$mags_run/log-tail"`;
}

/** Pieces of a text that are not too long for a command, and break no character. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += parts.at(-1)!.length) {
    const end = from + PART_CHARACTERS;
    parts.push(text.slice(from, /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") ? end + 1 : end));
  }
  return parts;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function lastOf(lines: readonly string[]): string {
  return lines.join("\n").trimEnd().split("\n").slice(-LOG_LINES).join("\n").slice(-LOG_BYTES);
}
