import { compare } from "../lib/compare";

/** Words that no variable can be called, and those that the written program uses itself. */
const TAKEN = new Set(
  (
    "abstract any arguments as async await boolean break case catch class const continue debugger declare default " +
    "delete do else enum eval exports export extends false finally for from function get if implements import in " +
    "infer instanceof interface is keyof let module namespace never new null number object of package private " +
    "protected public readonly require return set static string super switch symbol this throw true try type typeof " +
    "undefined unique unknown var void while with yield NaN Infinity globalThis Object Promise " +
    "mags pulumi app stack deploy App CronJob Job Stack UrlAlias Workspace"
  ).split(" "),
);

/** What is to be called something: `name` as the cloud has it, `kind` for telling equal names apart. */
export interface Named {
  readonly name: string;
  readonly kind: string;
}

/**
 * A variable for each: its name in camel case, whatever its alphabet. Where two would be called the same, each has
 * its kind added, then a number. The same things get the same variables, in whatever order they are listed.
 */
export function identifiersFor<T extends Named>(things: readonly T[]): Map<T, string> {
  return unique(
    things,
    ({ name }) => camelCase(name),
    (base, { kind }) => (base === "" ? lowerFirst(kind) : `${base}${kind}`),
    (base) => base !== "" && !TAKEN.has(base),
  );
}

/** What Pulumi or a tree calls each: its own name where that can stand, with its kind where two have one. */
export function labelsFor<T extends Named>(
  things: readonly T[],
  mayStand: (name: string) => boolean,
): Map<T, string> {
  return unique(
    things,
    ({ name }) => (mayStand(name) ? name : camelCase(name)),
    (base, { kind }) => (base === "" ? lowerFirst(kind) : `${base}-${lowerFirst(kind)}`),
    (base) => base !== "",
  );
}

function unique<T extends Named>(
  things: readonly T[],
  baseOf: (thing: T) => string,
  withKind: (base: string, thing: T) => string,
  mayStand: (base: string) => boolean,
): Map<T, string> {
  const ordered = [...things].sort((a, b) => compare(a.name, b.name) || compare(a.kind, b.kind));
  const counts = new Map<string, number>();
  for (const thing of ordered) counts.set(baseOf(thing), (counts.get(baseOf(thing)) ?? 0) + 1);
  const chosen = new Map<T, string>();
  const used = new Set<string>();
  const alone = (thing: T) => mayStand(baseOf(thing)) && counts.get(baseOf(thing)) === 1;
  // Those that can have their plain name come first, so that none of it is taken by a longer one.
  for (const thing of [...ordered.filter(alone), ...ordered.filter((other) => !alone(other))]) {
    const base = baseOf(thing);
    const wanted = alone(thing) ? base : withKind(base, thing);
    let name = wanted;
    for (let number = 2; used.has(name); number++) name = `${wanted}${number}`;
    used.add(name);
    chosen.set(thing, name);
  }
  return chosen;
}

/** Empty where a name has nothing that may stand in an identifier. */
function camelCase(name: string): string {
  const words = name
    .normalize("NFC")
    .split(/[^\p{ID_Continue}$]+/u)
    .filter((word) => word !== "");
  const joined = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join("");
  return joined === "" || /^[\p{ID_Start}$_]/u.test(joined) ? joined : `_${joined}`;
}

function upperFirst(word: string): string {
  return withFirst(word, (letter) => letter.toUpperCase());
}

function lowerFirst(word: string): string {
  return withFirst(word, (letter) => letter.toLowerCase());
}

/** Capitals of Latin, Greek, Cyrillic and Armenian; Unicode goes on adding others, which compilers learn of later. */
const LAST_LETTER = 0x058f;

function withFirst(word: string, change: (letter: string) => string): string {
  const [first = ""] = word;
  const changed = change(first);
  const isOld = [...changed].every((letter) => letter.codePointAt(0)! <= LAST_LETTER);
  return isOld ? changed + word.slice(first.length) : word;
}
