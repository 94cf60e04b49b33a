import type { MagsResource } from "./resource";

const WORDS = Symbol.for("pulumi-mags.PropertyWords");

/** What a construct calls the properties of its resource that have another name there. */
export type PropertyWords = Readonly<Record<string, string>>;

/** Has the problems of a resource told in the words of the construct that it belongs to. */
export function tellInWords(resource: MagsResource, words: PropertyWords): void {
  Object.defineProperty(resource, WORDS, { value: words });
}

/** What whoever wrote the program calls a property of a resource. */
export function wordFor(resource: MagsResource, property: string): string {
  const words = wordsOf(resource);
  return words && Object.hasOwn(words, property) ? words[property]! : property;
}

/** A message about properties of a resource, with each called so. */
export function inWordsOf(resource: MagsResource, message: string): string {
  return Object.keys(wordsOf(resource) ?? {}).reduce(
    (text, property) => text.replace(new RegExp(`\\b${property}\\b`, "g"), wordFor(resource, property)),
    message,
  );
}

function wordsOf(resource: MagsResource): PropertyWords | undefined {
  return (resource as { [WORDS]?: PropertyWords })[WORDS];
}
