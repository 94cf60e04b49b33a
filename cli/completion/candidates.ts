import type { Command, Option } from "commander";
import { OpenOption, type Candidate, type Typed } from "../lib/open-option";

/** Longer than this, nobody waits for a Tab. */
const LIMIT_MS = 800;

/**
 * What may stand in place of the last word, which may be empty; `files` where the shell knows better.
 * @param words What follows the name of the program.
 */
export async function candidates(
  root: Command,
  words: readonly string[],
  limitMs = LIMIT_MS,
): Promise<readonly Candidate[] | "files"> {
  // Bash gives --option=value as three words.
  const before = words.slice(0, -1).filter((word) => word !== "=");
  const typed = words.at(-1) === "=" ? "" : (words.at(-1) ?? "");
  const [, option = "", value] = /^(--[^=]+)=(.*)$/.exec(typed) ?? [];
  const place = placeAfter(root, before);
  if (place === "files") return "files";
  const valuesOf = (asked: Option | undefined, start: string, prefix: string) =>
    valuesOfOption(asked, start, prefix, place, limitMs);
  if (value !== undefined) return valuesOf(optionNamed(place.command, option), value, `${option}=`);
  if (place.option) return valuesOf(place.option, typed, "");
  if (typed.startsWith("-")) return matching(optionsOf(place.command, before), typed);
  const argument = place.command.registeredArguments[place.operands];
  const choices = (argument?.argChoices ?? []).map((choice) => ({ value: choice, meaning: "" }));
  return matching([...(place.operands === 0 ? subcommandsOf(place.command) : []), ...choices], typed);
}

class Place implements Typed {
  /** An option whose value is next. */
  option?: Option;
  operands = 0;
  private readonly values = new Map<string, string>();

  constructor(public command: Command) {}

  valueOf(long: string): string | undefined {
    return this.values.get(long);
  }

  give({ long, short }: Option, value: string): void {
    this.values.set(long ?? short!, value);
  }
}

/** Where one is after some words. After `--` there is somebody else's command. */
function placeAfter(root: Command, words: readonly string[]): Place | "files" {
  const place = new Place(root);
  for (const word of words) {
    if (word === "--") return "files";
    if (place.option) {
      place.give(place.option, word);
      place.option = undefined;
    } else if (word.startsWith("-")) {
      const [, flag = word, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
      const option = optionNamed(place.command, flag);
      if (option && value !== undefined) place.give(option, value);
      else if (option?.required) place.option = option;
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

async function valuesOfOption(
  option: Option | undefined,
  start: string,
  prefix: string,
  typed: Typed,
  limitMs: number,
): Promise<Candidate[] | "files"> {
  if (/<(file|folder|program)>/.test(option?.flags ?? "")) return "files";
  const values =
    option instanceof OpenOption
      ? await option.likely(typed, limitMs)
      : (option?.argChoices ?? []).map((choice) => ({ value: choice, meaning: "" }));
  return matching(values, start).map(({ value, meaning }) => ({ value: prefix + value, meaning }));
}

function matching(all: readonly Candidate[], typed: string): Candidate[] {
  return all.filter(({ value }) => value.startsWith(typed));
}
