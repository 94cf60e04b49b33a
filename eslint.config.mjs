import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "**/node_modules/", ".mags/", "**/.pulumi-state/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // Loaded on first use: the entry in every state must load fast.
      "@typescript-eslint/no-require-imports": [
        "error",
        {
          allow: [
            "^undici$",
            "^croner$",
            "^cronstrue$",
            "^\\./lifecycle/",
            "^\\./planning$",
            "^\\./manifest-shape$",
            "^\\./(diff|doctor|drift|fleet|graph|import)/",
            "^\\./(up|down|list|sweep|comment)$",
            "^@pulumi/pulumi/automation$",
            "^(\\.\\./)+emulator$",
            "^\\./run$",
            "^\\./schedule-file$",
            "^\\./files$",
            "^yaml$",
          ],
        },
      ],
      eqeqeq: ["error", "always"],
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        URL: "readonly",
        URLSearchParams: "readonly",
        fetch: "readonly",
        AbortSignal: "readonly",
        Buffer: "readonly",
        performance: "readonly",
        module: "writable",
        exports: "writable",
        __dirname: "readonly",
        require: "readonly",
      },
    },
  },
  {
    // A program would load all of the SDK: see provider/resources/sdk.ts.
    files: ["provider/**/*.ts", "constructs/pulumi/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@pulumi/pulumi",
              allowTypeImports: true,
              message: "Take values from provider/resources/sdk.",
            },
          ],
        },
      ],
    },
  },
  {
    // The one-way arrows of docs/architecture.md, as a rule.
    files: ["provider/api/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            "@pulumi/*",
            "**/schema/**",
            "**/files/**",
            "**/client/**",
            "**/lifecycle/**",
            "**/host/**",
            "**/resources/**",
            "**/emulator/**",
            "**/constructs/**",
          ],
        },
      ],
    },
  },
  {
    // Used without Pulumi, so it loads nothing of it.
    files: ["provider/client/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            "@pulumi/*",
            "**/lifecycle/**",
            "**/host/**",
            "**/resources/**",
            "**/functions/**",
            "**/emulator/**",
            "**/constructs/**",
          ],
        },
      ],
    },
  },
  {
    // Told of by constructs too, which load no part of an engine, nor what talks to the cloud.
    files: ["provider/schema/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            "@pulumi/*",
            "**/api/account",
            "**/api/client",
            "**/api/transport",
            "**/files/**",
            "**/lifecycle/**",
            "**/host/**",
            "**/resources/**",
            "**/emulator/**",
            "**/constructs/**",
          ],
        },
      ],
    },
  },
  {
    // Local files, found by programs and sent by the lifecycle alike.
    files: ["provider/files/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            "@pulumi/*",
            "**/api/**",
            "**/lifecycle/**",
            "**/host/**",
            "**/resources/**",
            "**/emulator/**",
            "**/constructs/**",
          ],
        },
      ],
    },
  },
  {
    files: ["provider/lifecycle/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["@pulumi/*", "**/host/**", "**/resources/**", "**/emulator/**", "**/constructs/**"] },
      ],
    },
  },
  {
    files: ["provider/host/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["**/resources/**", "**/emulator/**", "**/constructs/**"] },
      ],
    },
  },
  {
    files: ["provider/resources/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["**/lifecycle/**", "**/functions/**", "**/emulator/**", "**/constructs/**"] },
      ],
    },
  },
  {
    files: ["provider/functions/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["**/lifecycle/**", "**/host/**", "**/client/*", "**/emulator/**", "**/constructs/**"] },
      ],
    },
  },
  {
    // A tree is planned without an engine: only the field tables and what is said of them are shared.
    files: ["constructs/**/*.ts"],
    ignores: ["constructs/pulumi/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            "@pulumi/*",
            "**/provider/api/**",
            "**/provider/errors",
            "**/provider/lifecycle/**",
            "**/provider/host/**",
            "**/provider/resources/**",
            "**/emulator/**",
            // What deploys is loaded by those who deploy.
            "**/pulumi/**",
          ],
        },
      ],
    },
  },
  {
    // A plan goes to the classes that a program would use, and nowhere else.
    files: ["constructs/pulumi/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            "**/provider/api/**",
            "**/provider/errors",
            "**/provider/lifecycle/**",
            "**/provider/host/**",
            "**/emulator/**",
            "**/planning/**",
          ],
        },
      ],
    },
  },
  {
    files: ["emulator/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: ["@pulumi/*", "**/provider/**", "**/constructs/**"] }],
    },
  },
);
