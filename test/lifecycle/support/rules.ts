import type { EngineModel } from "../../support/engine-model";
import { TestCloud, type TestAccount } from "./cloud";

/** What a test of the rules of a kind works with: an account and an engine of its own. */
export class RulesCase {
  account!: TestAccount;
  engine!: EngineModel;
  private saying!: jest.SpyInstance;

  constructor(readonly cloud: () => TestCloud) {}

  begin(saying: jest.SpyInstance): void {
    this.account = this.cloud().account();
    this.engine = this.account.engine();
    this.saying = saying;
    this.cloud().emulator.clearCalls();
    saying.mockClear();
  }

  /** Jobs with a VM, or on their way to one. */
  active() {
    return this.account
      .snapshot()
      .jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));
  }

  /** Routes of the calls that may change something. */
  mutations(): string[] {
    return this.account.calls().filter((route) => !route.startsWith("GET"));
  }

  /** What users were told. */
  said(): string {
    return this.saying.mock.calls.flat().join("\n");
  }
}

/** Sets up the tests of a file. */
export function rulesCase(): RulesCase {
  let cloud: TestCloud;
  let saying: jest.SpyInstance;
  const rules = new RulesCase(() => cloud);
  beforeAll(async () => {
    saying = jest.spyOn(console, "info").mockImplementation(() => undefined);
    cloud = await TestCloud.start();
  });
  beforeEach(() => rules.begin(saying));
  afterEach(() => {
    cloud.emulator.clearFaults();
    cloud.hook = undefined;
  });
  afterAll(async () => {
    await cloud.stop();
    jest.restoreAllMocks();
  });
  return rules;
}

export function reasons(run: { failures: { message: string }[] }): string {
  return run.failures.map(({ message }) => message).join("\n");
}
