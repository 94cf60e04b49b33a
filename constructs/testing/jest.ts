/**
 * The assertions as matchers of Jest: `import "pulumi-mags/testing/jest"` in a test, or its name in
 * `setupFilesAfterEnv`.
 *
 * @packageDocumentation
 */
import * as errors from "./errors";
import { matchers, type MagsMatchers } from "./matchers";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where Jest's own types can be added to
  namespace jest {
    // eslint-disable-next-line -- the type parameters have to be those of Jest's interface
    interface Matchers<R, T = {}> extends MagsMatchers<R> {}
  }
}

const { expect } = globalThis as { expect?: { extend(matchers: object): void } };
if (!expect) throw errors.noGlobalExpect();
expect.extend(matchers);
