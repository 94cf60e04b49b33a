import { many, styled } from "../lib/output";
import type { Finding } from "./finding";

const MARKS: Readonly<Record<Finding["level"], { word: string; style: Parameters<typeof styled>[0] }>> = {
  ok: { word: "ok", style: "green" },
  warning: { word: "warning", style: "yellow" },
  error: { word: "error", style: "red" },
  unchecked: { word: "unchecked", style: "dim" },
};

const WIDTH = Math.max(...Object.values(MARKS).map(({ word }) => word.length)) + 2;
const CHECK_WIDTH = 12;

/** What was found, line by line, folded to fit; a command is never folded, so that it can be copied. */
export function inWords(findings: readonly Finding[], columns = 100): string {
  const room = Math.max(40, columns - WIDTH - CHECK_WIDTH);
  const indent = " ".repeat(WIDTH + CHECK_WIDTH);
  const lines = findings.flatMap(({ check, level, found, mend }) => {
    const { word, style } = MARKS[level];
    const [first = "", ...more] = folded(found, room);
    return [
      `${styled(style, word.padEnd(WIDTH))}${check.padEnd(CHECK_WIDTH)}${first}`,
      ...more.map((line) => indent + line),
      ...(mend === undefined ? [] : [`${indent}${styled("bold", `$ ${mend}`)}`]),
    ];
  });
  return `${[...lines, "", summary(findings)].join("\n")}\n`;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding["level"]) => findings.filter((one) => one.level === level).length;
  const [errors, warnings, left] = [count("error"), count("warning"), count("unchecked")];
  const parts = [
    ...(errors > 0 ? [styled("red", many(errors, "error"))] : []),
    ...(warnings > 0 ? [styled("yellow", many(warnings, "warning"))] : []),
    ...(errors + warnings === 0 ? [styled("green", "nothing is wrong")] : []),
    ...(left > 0 ? [`${left} not checked`] : []),
  ];
  const text = parts.join(", ");
  return errors + warnings === 0 ? `${text.replace("nothing", "Nothing")}.` : `${text}.`;
}

function folded(text: string, room: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
