import { typeToken } from "../../provider/schema/tokens";
import type { Adopted } from "./adoption";
import { argumentLines, header } from "./arguments";
import { literal } from "./literals";
import { Names, objectOf, type Line, type Program } from "./program";

/** A program of Pulumi resources. */
export function resourcesProgram(adopted: readonly Adopted[]): Program {
  const names = new Names(adopted, "resources");
  const declarations = adopted.map((thing) => {
    const lines = argumentLines(thing, names, (name, value) => referenceOf(thing, names, name, value));
    return `${names.declaration(thing)} mags.${thing.kind}(${literal(names.label(thing))}, ${objectOf(lines)});`;
  });
  const text = [`import * as mags from "pulumi-mags";`, "", ...header(), "", ...declarations, ""].join("\n");
  const entries = adopted.map((thing) => ({
    type: typeToken(thing.kind),
    name: names.label(thing),
    adopted: thing,
  }));
  return { text, entries };
}

/** What is in the program is referred to by its variable, so that Pulumi knows what depends on what. */
function referenceOf({ kind }: Adopted, names: Names, name: string, value: unknown): Line | undefined {
  if (name !== "workspaceId") return undefined;
  const target = kind === "UrlAlias" ? names.target(value) : names.workspace(value);
  return target && [kind === "UrlAlias" ? "target" : "workspace", names.variable(target)];
}
