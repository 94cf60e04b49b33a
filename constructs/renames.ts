import type { IConstruct } from "constructs";
import * as errors from "./errors";

const TYPE = "mags:renamed-from";

/** Where a construct was. */
export interface FormerPlace {
  readonly path: string;
  /** What it was in, as it is now. */
  readonly scope: IConstruct;
}

/**
 * Where constructs were before. Pulumi knows a resource by its path, so one under another path would be deleted and
 * made anew; told where it was, Pulumi goes on with it (an alias), and with all below it. That holds for a construct
 * of the same class: Pulumi knows a resource by the kinds of what it is in, too.
 *
 * @example
 * ```ts
 * const site = new Job(this, "site", { script: "exec ./serve" });
 * Renames.of(site).from("web");
 * ```
 */
export class Renames {
  static of(construct: IConstruct): Renames {
    return new Renames(construct);
  }

  private constructor(private readonly construct: IConstruct) {}

  /**
   * Says where the construct was. Keep it until every stack has been deployed with it.
   * @param path its former id, if it was in the same scope; else the whole path after a slash, such as
   *   `/shop/backend/web`, in a scope that is still there
   */
  from(path: string): void {
    const { construct } = this;
    construct.node.addMetadata(TYPE, path);
    construct.node.addValidation({ validate: () => problemsOf(construct, path) });
  }
}

/** All places where a construct was, of a tree without problems. */
export function formerPlaces(construct: IConstruct): FormerPlace[] {
  return toldPaths(construct).flatMap(({ path, scopePath }) => {
    const scope = find(construct.node.root, scopePath);
    return scope ? [{ path, scope }] : [];
  });
}

/**
 * All paths that a construct had, also for the sake of what it is in: as Pulumi works out the aliases of what is below
 * an aliased component.
 * @param path the one that it has
 * @param around path and former paths of the component that it is in
 */
export function formerPathsOf(
  construct: IConstruct,
  path: string,
  around: { readonly path: string; readonly formerPaths: readonly string[] } | undefined,
): readonly string[] {
  const own = toldPaths(construct).map((told) => told.path);
  if (own.length === 0 && !around?.formerPaths.length) return NONE;
  const inherited = (around?.formerPaths ?? NONE).flatMap((former) =>
    [path, ...own].map((one) =>
      one.startsWith(around!.path) ? `${former}${one.slice(around!.path.length)}` : one,
    ),
  );
  return [...new Set([...own, ...inherited])].filter((one) => one !== path);
}

const NONE: readonly string[] = [];

function toldPaths(construct: IConstruct): WholePath[] {
  const { metadata } = construct.node;
  if (metadata.length === 0) return [];
  return metadata.filter(({ type }) => type === TYPE).map(({ data }) => wholePath(construct, data as string));
}

function problemsOf(construct: IConstruct, given: string): string[] {
  const { path, scopePath, id } = wholePath(construct, given);
  if (!id) return [errors.formerPathEmpty()];
  if (find(construct.node.root, path)) return [errors.formerPathTaken(path)];
  if (!find(construct.node.root, scopePath)) return [errors.formerScopeGone(path, scopePath)];
  return [];
}

interface WholePath {
  readonly path: string;
  readonly scopePath: string;
  readonly id: string;
}

function wholePath(construct: IConstruct, given: string): WholePath {
  const around = construct.node.scope?.node.path ?? "";
  const path = given.startsWith("/") ? given.slice(1) : around === "" ? given : `${around}/${given}`;
  const slash = path.lastIndexOf("/");
  return { path, scopePath: path.slice(0, Math.max(0, slash)), id: path.slice(slash + 1) };
}

function find(root: IConstruct, path: string): IConstruct | undefined {
  let at: IConstruct | undefined = root;
  for (const id of path === "" ? [] : path.split("/")) at = at?.node.tryFindChild(id);
  return at;
}
