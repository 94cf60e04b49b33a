/**
 * What a committed manifest or tree has to look like: files that people merge by hand are looked at as what anybody
 * could have written. Loaded on first use, since nothing that only plans needs it.
 */
import * as z from "zod";
import { SCHEMAS } from "../provider/schema/schemas";
import type { KindName } from "../provider/schema/fields";
import { RemovalPolicy } from "./removal-policy";

const kind = z.enum(Object.keys(SCHEMAS) as [KindName, ...KindName[]]);
const tags = z.record(z.string(), z.string());

export const manifestShape = z.strictObject({
  version: z.number(),
  resources: z.record(
    z.string(),
    z.strictObject({
      kind,
      properties: z.record(z.string(), z.json()),
      dependsOn: z.array(z.string()).optional(),
      namedAs: z.string().optional(),
      removalPolicy: z.enum(RemovalPolicy).optional(),
      renamedFrom: z
        .array(z.union([z.string(), z.strictObject({ path: z.string(), types: z.string() })]))
        .optional(),
      tags: tags.optional(),
      types: z.string().optional(),
    }),
  ),
});

const treeNode = z.strictObject({
  id: z.string(),
  path: z.string(),
  type: z.string(),
  kind: kind.optional(),
  description: z.string().optional(),
  annotations: z
    .array(z.strictObject({ level: z.enum(["info", "warning", "error"]), message: z.string() }))
    .optional(),
  tags: tags.optional(),
  get children() {
    return z.record(z.string(), treeNode).optional();
  },
});

export const treeShape = z.strictObject({ version: z.number(), root: treeNode });

/** What is wrong, each with its place; nothing where the value has the shape. */
export function misshapen(shape: z.ZodType, value: unknown): string[] {
  const { error } = shape.safeParse(value);
  return (error?.issues ?? []).map(
    ({ path, message }) => `${path.map(String).join(".") || "the file"}: ${message}`,
  );
}
