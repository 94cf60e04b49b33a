import { invalid } from "../errors";

/** A JSON object as it came in. */
export type Body = Record<string, unknown>;

/** A field that must be text; null counts as absent. */
export function text(body: Body, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`${key} must be a string`);
  if (value.includes("\0")) throw invalid(`${key} must not contain a NUL character`);
  return value;
}

/** A field that must be text and be there. */
export function requiredText(body: Body, key: string): string {
  const value = text(body, key);
  if (value === undefined || value === "") throw invalid(`${key} is required`);
  return value;
}

/** A field that must be true or false. */
export function flag(body: Body, key: string): boolean | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw invalid(`${key} must be true or false`);
  return value;
}

/** A field that must be a whole number within limits. */
export function whole(body: Body, key: string, least: number, most: number): number | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw invalid(`${key} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

/** A field that must be a map from names to text. */
export function environment(body: Body, key: string): Record<string, string> | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw invalid(`${key} must be an object of strings`);
  const map: Record<string, string> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (typeof entry !== "string")
      throw invalid(`${key}: the value of ${JSON.stringify(name)} must be a string`);
    if (name === "" || /[=\0]/.test(name) || entry.includes("\0")) {
      throw invalid(
        `${key}: names must not be empty or contain "=", and nothing may contain a NUL character`,
      );
    }
    map[name] = entry;
  }
  return map;
}

/** A field that must be a list of text. */
export function texts(body: Body, key: string): string[] | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((entry): entry is string => typeof entry === "string")) {
    throw invalid(`${key} must be an array of strings`);
  }
  return value;
}

/** A query parameter that must be a whole number from 1 on. */
export function count(query: URLSearchParams, key: string, standard: number, most: number): number {
  const value = query.get(key);
  if (value === null || value === "") return standard;
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1) throw invalid(`${key} must be a whole number from 1 on`);
  return Math.min(Number(value), most);
}

/** A time as answers show it: RFC 3339, UTC. */
export function stamp(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
