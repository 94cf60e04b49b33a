import type { Command, Option } from "commander";

/** A word that may stand where one is being typed. */
export interface Candidate {
  readonly value: string;
  /** One line, for shells that show it. */
  readonly meaning: string;
}

/**
 * What may stand in place of the last word, which may be empty; `files` where the shell knows better.
 * @param words What follows the name of the program.
 */
export function candidates(root: Command, words: readonly string[]): Candidate[] | "files" {
  // Bash gives --option=value as three words.
  const before = words.slice(0, -1).filter((word) => word !== "=");
  const typed = words.at(-1) === "=" ? "" : (words.at(-1) ?? "");
  const [, option = "", value] = /^(--[^=]+)=(.*)$/.exec(typed) ?? [];
  const place = placeAfter(root, before);
  if (place === "files") return "files";
  if (value !== undefined) return valuesOf(optionNamed(place.command, option), value, `${option}=`);
  if (place.option) return valuesOf(place.option, typed, "");
  if (typed.startsWith("-")) return matching(optionsOf(place.command, before), typed);
  const argument = place.command.registeredArguments[place.operands];
  const choices = (argument?.argChoices ?? []).map((choice) => ({ value: choice, meaning: "" }));
  return matching([...(place.operands === 0 ? subcommandsOf(place.command) : []), ...choices], typed);
}

interface Place {
  command: Command;
  /** An option whose value is next. */
  option?: Option;
  operands: number;
}

/** Where one is after some words. After `--` there is somebody else's command. */
function placeAfter(root: Command, words: readonly string[]): Place | "files" {
  const place: Place = { command: root, operands: 0 };
  for (const word of words) {
    if (word === "--") return "files";
    if (place.option) {
      place.option = undefined;
    } else if (word.startsWith("-")) {
      const option = word.includes("=") ? undefined : optionNamed(place.command, word);
      if (option?.required) place.option = option;
    } else {
      const next = place.command.commands.find((one) => one.name() === word);
      if (next && place.operands === 0) place.command = next;
      else if (word !== "help" || place.command !== root) place.operands++;
    }
  }
  return place;
}

/** Options of a command may also be said of those below it. */
function* upwards(command: Command): Generator<Command> {
  for (let one: Command | null = command; one; one = one.parent) yield one;
}

function optionNamed(command: Command, flag: string): Option | undefined {
  for (const one of upwards(command)) {
    const found = one.options.find(({ long, short }) => long === flag || short === flag);
    if (found) return found;
  }
  return undefined;
}

function optionsOf(command: Command, given: readonly string[]): Candidate[] {
  const options = [...command.createHelp().visibleOptions(command)].filter(
    ({ long, defaultValue }) => long && (Array.isArray(defaultValue) || !given.includes(long)),
  );
  return options.map(({ long, description }) => ({ value: long!, meaning: description }));
}

function subcommandsOf(command: Command): Candidate[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((one) => ({ value: one.name(), meaning: one.summary() || one.description() }));
}

function valuesOf(option: Option | undefined, typed: string, prefix: string): Candidate[] | "files" {
  if (!option?.argChoices) return /<(file|folder|program)>/.test(option?.flags ?? "") ? "files" : [];
  const values = option.argChoices.map((choice) => ({ value: choice, meaning: "" }));
  return matching(values, typed).map(({ value }) => ({ value: prefix + value, meaning: "" }));
}

function matching(all: readonly Candidate[], typed: string): Candidate[] {
  return all.filter(({ value }) => value.startsWith(typed));
}
