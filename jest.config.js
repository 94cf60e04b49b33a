const { availableParallelism } = require("node:os");

/**
 * Three projects: `unit` needs nothing but Node; `proof` runs the crash matrix, the model of the engine and
 * the load on the emulator, which takes longer; `e2e` drives the real Pulumi engine.
 */
const common = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tsconfig.json", diagnostics: false }],
  },
  setupFiles: ["<rootDir>/test/support/plain-environment.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.mags/"],
};

/** What takes long: `npm test` runs it, `npm run test:unit` does not. */
const proofs = [
  "<rootDir>/test/lifecycle/",
  "<rootDir>/test/contract/",
  "<rootDir>/test/workflows/",
  ...["commands", "doctor", "fleet", "habits", "typescript"].map(
    (name) => `<rootDir>/test/cli/${name}.test.ts`,
  ),
  ...["plot/in-a-browser", "contestants/terraform"].map((name) => `<rootDir>/test/bench/${name}.test.ts`),
  ...["load", "page", "persistence", "cli"].map((name) => `<rootDir>/test/emulator/${name}.test.ts`),
];

module.exports = {
  // Jest leaves a core to itself, which is one of two: a test that drives the engine waits for it most of the time.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Against hanging, not for speed: a busy machine must not fail a test.
  testTimeout: 300_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/", ...proofs],
    },
    {
      ...common,
      displayName: "proof",
      testMatch: proofs.map((path) => (path.endsWith(".ts") ? path : `${path}**/*.test.ts`)),
    },
    { ...common, displayName: "e2e", testMatch: ["<rootDir>/test/e2e/**/*.test.ts"] },
  ],
};
