import type { Construct, IConstruct } from "constructs";
import * as errors from "./errors";
import { typeNameOf, typeNameOfClass, typesIn } from "./type-names";
import { isPlace, kindNamed, placeAt, pulumiNameOf, pulumiTypeNamed, pulumiTypeOf } from "./urn-parts";

const TYPE = "mags:renamed-from";

/** A class of constructs. */
export interface ConstructClass {
  readonly prototype: Construct;
}

/** Where a construct was. */
export interface FormerPlace {
  readonly path: string;
  /** The component that it was in, or the app, as it is now. */
  readonly scope: IConstruct;
  /** What it was itself, where that is something else now. */
  readonly typeName: string | undefined;
}

/** What Pulumi knows something by, besides its kind. */
export interface Place {
  readonly path: string;
  /** Of all components that it is in and, where it is one, its own. */
  readonly types: string;
}

/**
 * Where constructs were before, and what. Pulumi knows a resource by its path and by the classes of what it is in, so
 * one under another path, or in a construct of another class, would be deleted and made anew; told where it was,
 * Pulumi goes on with it (an alias), and with all below it.
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
   * @param was its former class, if that was another one: what is in it goes on where its ids are the same. Not of a
   *   construct that is one resource (a `Job`, for example), nor from the class of one: its kind stays.
   * @example
   * ```ts
   * const site = new AlwaysOnService(this, "site", { script: "exec ./serve" });
   * Renames.of(site).from("site", Sandbox);
   * ```
   */
  from(path: string, was?: ConstructClass): void {
    const { construct } = this;
    const told: Told = { path, was };
    construct.node.addMetadata(TYPE, told);
    construct.node.addValidation({ validate: () => problemsOf(construct, told) });
  }
}

/** As it was said. */
interface Told {
  readonly path: string;
  readonly was: ConstructClass | undefined;
}

/**
 * The places that a construct had and that Pulumi has to be told, of a tree without problems. Pulumi works out those
 * that come of a renamed component by itself; what stands below a resource stands beside it, and so has them here.
 */
export function formerPlaces(construct: IConstruct): readonly FormerPlace[] {
  const told = toldPlaces(construct);
  const { scope } = construct.node;
  const ofScope = scope && !isPlace(scope) ? formerPlaces(scope) : NONE;
  if (ofScope.length === 0) return told;
  const around = pulumiNameOf(scope!);
  const names = [{ path: pulumiNameOf(construct), typeName: undefined }, ...told].filter(
    ({ path }) => path === around || path.startsWith(`${around}/`),
  );
  const inherited = ofScope.flatMap((former) =>
    names.map(({ path, typeName }) => ({
      path: `${former.path}${path.slice(around.length)}`,
      scope: former.scope,
      typeName,
    })),
  );
  return [...told, ...inherited];
}

function toldPlaces(construct: IConstruct): readonly FormerPlace[] {
  return toldOf(construct).flatMap(({ path, was }) => {
    const { scopePath, ...whole } = wholePath(construct, path);
    const scope = find(construct.node.root, scopePath);
    const typeName = was && isPlace(construct) ? typeNameOfClass(was) : undefined;
    return scope ? [{ path: whole.path, scope: placeAt(scope), typeName }] : [];
  });
}

/**
 * All places that a construct had, also for the sake of what it is in: as Pulumi works out the aliases of what is below
 * an aliased component.
 * @param types of the place that it has
 * @param around place and former places of the component that it is in
 */
export function formerPlacesOf(
  construct: IConstruct,
  types: string,
  around: (Place & { readonly formerPlaces: readonly Place[] }) | undefined,
): readonly Place[] {
  const told = formerPlaces(construct);
  if (!around?.formerPlaces.length && told.length === 0) return NONE;
  const place = { path: pulumiNameOf(construct), types };
  const ownType = ownTypeOf(construct);
  const own = told.map(({ path, scope, typeName = ownType }) => ({
    path,
    types: typesIn(typesOf(scope), typeName),
  }));
  const inherited = (around?.formerPlaces ?? NONE).flatMap((former) =>
    [{ path: place.path, typeName: ownType }, ...told].map(({ path, typeName = ownType }) => ({
      path: path.startsWith(around!.path) ? `${former.path}${path.slice(around!.path.length)}` : path,
      types: typesIn(former.types, typeName),
    })),
  );
  const byText = new Map([place, ...own, ...inherited].map((one) => [`${one.path} ${one.types}`, one]));
  return [...byText.values()].slice(1);
}

const NONE: readonly never[] = [];

/** What a construct adds to the types in the URNs of what is in it. */
function ownTypeOf(construct: IConstruct): string {
  return isPlace(construct) ? typeNameOf(construct) : "";
}

/** The types of a scope of the tree, and of all that it is in. */
function typesOf(scope: IConstruct): string {
  // The first is the app, which is no component.
  return typesIn("", ...scope.node.scopes.slice(1).map(ownTypeOf));
}

function toldOf(construct: IConstruct): Told[] {
  const { metadata } = construct.node;
  if (metadata.length === 0) return [];
  return metadata.filter(({ type }) => type === TYPE).map(({ data }) => data as Told);
}

function problemsOf(construct: IConstruct, told: Told): string[] {
  const { path, scopePath, id } = wholePath(construct, told.path);
  if (!id) return [errors.formerPathEmpty()];
  if (told.was !== undefined && typeof told.was !== "function") return [errors.formerClassWrong(path)];
  const formerType = told.was && typeNameOfClass(told.was);
  const is = pulumiTypeOf(construct);
  const was = formerType === undefined ? is : pulumiTypeNamed(formerType);
  if (formerType !== undefined && !isPlace(construct) && was !== is)
    return [errors.formerClassOfResource(path)];
  if (formerType !== undefined && isPlace(construct) && kindNamed(formerType) !== undefined)
    return [errors.formerClassIsResource(path, formerType)];
  const there = find(construct.node.root, path);
  if (there && pulumiTypeOf(there) === was) return [errors.formerPathTaken(path)];
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
