/**
 * Three projects: `unit` needs nothing but Node; `proof` runs the crash matrix, the model of the engine and
 * the load on the emulator, which takes longer; `e2e` drives the real Pulumi engine.
 */
const common = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tsconfig.json", diagnostics: false }],
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.mags/"],
};

module.exports = {
  // Against hanging, not for speed: a busy machine must not fail a test.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        "<rootDir>/test/e2e/",
        "<rootDir>/test/lifecycle/",
        "<rootDir>/test/emulator/load.test.ts",
      ],
    },
    {
      ...common,
      displayName: "proof",
      testMatch: ["<rootDir>/test/lifecycle/**/*.test.ts", "<rootDir>/test/emulator/load.test.ts"],
    },
    { ...common, displayName: "e2e", testMatch: ["<rootDir>/test/e2e/**/*.test.ts"] },
  ],
};
