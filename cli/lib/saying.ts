/** Whatever was thrown, in words. */
export function saying(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
