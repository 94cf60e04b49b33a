/**
 * `it` where the condition holds; elsewhere a skipped test whose name says why. `npm test` prints the reason,
 * and fails on a test that is skipped in any other way.
 *
 * @example itIf(process.platform === "linux", "needs user namespaces")("isolates loopback", () => { … });
 */
export function itIf(
  condition: boolean,
  reason: string,
): (name: string, body: jest.ProvidesCallback, timeout?: number) => void {
  return (name, body, timeout) =>
    condition ? it(name, body, timeout) : it.skip(`${name} [skipped: ${reason}]`, body, timeout);
}

/** `describe` where the condition holds; elsewhere every test in it is skipped, with the reason. */
export function describeIf(condition: boolean, reason: string): (name: string, body: () => void) => void {
  return (name, body) =>
    condition ? describe(name, body) : describe.skip(`${name} [skipped: ${reason}]`, body);
}
