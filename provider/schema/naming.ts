import { createHash } from "node:crypto";

/** What a generated name is made from. Passed by the constructor, used by check, kept nowhere. */
export interface Identity {
  organization: string;
  project: string;
  stack: string;
  /** Types of the parents, from the outermost, then the resource's own type. */
  typeChain: string;
  logicalName: string;
  /** Where something else has to bear the name too, and has less room for it. */
  maxLength?: number;
}

/** Characters of the hash that names the scope: all objects of one stack have it in common. */
export const SCOPE_LENGTH = 5;
/** Characters of the hash that names the resource within its scope. */
export const RESOURCE_LENGTH = 8;

/** The part that all generated names of one namespace, organization, project and stack share. */
export function scopeOf(
  identity: Pick<Identity, "organization" | "project" | "stack">,
  namespace: string | undefined,
): string {
  const { organization, project, stack } = identity;
  return hash([namespace ?? "", organization, project, stack], SCOPE_LENGTH);
}

/**
 * `<stack>-<logical>-<scope><resource>`: the same program always gives the same name, and no two resources
 * of different stacks, projects or namespaces share one. The readable part is cut so that the whole fits.
 */
export function generatedName(identity: Identity, namespace: string | undefined, room: number): string {
  const maxLength = Math.min(room, identity.maxLength ?? room);
  const scope = scopeOf(identity, namespace);
  const resource = hash([scope, identity.typeChain, identity.logicalName], RESOURCE_LENGTH);
  const readable = slug(`${identity.stack}-${identity.logicalName}`)
    .slice(0, maxLength - scope.length - resource.length - 1)
    .replace(/-+$/, "");
  return `${readable || "mags"}-${scope}${resource}`;
}

/** Whether two names were generated in one scope, as far as names can tell. */
export function isSameScope(one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => HASHES.exec(name)?.[1]);
  return first !== undefined && first === second;
}

/** Whether a name was generated in a scope, as far as the name can tell. */
export function isGeneratedIn(scope: string, name: string): boolean {
  return HASHES.exec(name)?.[1] === scope;
}

/** The same, also of what is made for such an object besides: it has that name, and something behind it. */
export function isDerivedIn(scope: string, name: string): boolean {
  return new RegExp(`-${scope}[a-z0-9]{${RESOURCE_LENGTH}}(?:-|$)`).test(name);
}

const HASHES = new RegExp(`-([a-z0-9]{${SCOPE_LENGTH}})[a-z0-9]{${RESOURCE_LENGTH}}$`);

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** Base 36, lower case: what every part of a name may hold. JSON keeps ["a","bc"] and ["ab","c"] apart. */
function hash(parts: string[], length: number): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return BigInt(`0x${hex}`).toString(36).padStart(50, "0").slice(0, length);
}
