import type { Settings } from "../api/settings";
import * as errors from "../errors";
import { UNKNOWN, type Values } from "./fields";
import { isGeneratedIn, scopeOf, type Identity } from "./naming";
import type { Schema } from "./schema";
import type { Problem } from "./validation";

/** Inputs that name something which the resource works on. */
const WORKED_ON = ["workspaceId", "jobName"];

/**
 * What must not be in the preview of a pull request: names that the preview beside it would have too, the files of
 * something that is not part of it, and what could not be removed when the pull request is closed.
 */
export function previewProblems(
  schema: Schema,
  settings: Settings,
  args: Values,
  origin: Identity | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const { nameField } = schema;
  const refuse = (property: string, error: Error) => problems.push({ property, reason: error.message });
  if (args[nameField] !== undefined) refuse(nameField, errors.previewNameGiven(nameField));
  if (schema.name === "Workspace" && ![false, UNKNOWN].includes(args.deletionProtection as never))
    refuse("deletionProtection", errors.previewProtected());
  // To have a URL point somewhere does no harm there; a VM or a schedule on a workspace does.
  if (origin === undefined || schema.name === "UrlAlias") return problems;
  const scope = scopeOf(origin, settings.namespace);
  for (const field of WORKED_ON.filter((one) => schema.fields[one])) {
    const value = args[field];
    if (value === UNKNOWN || typeof value !== "string" || isGeneratedIn(scope, value)) continue;
    refuse(field, errors.previewWorksElsewhere(field, value));
  }
  return problems;
}
