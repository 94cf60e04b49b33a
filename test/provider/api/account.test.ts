import { openAccount, sharedAccount, sharedBudget } from "../../../provider/api/account";
import { resolveSettings } from "../../../provider/api/settings";
import { Mags } from "../../../provider/client";
import { openSession } from "../../../provider/client/session";
import { FakeApi, type Reply } from "../../support/fake-api";

const settingsOf = (config: Record<string, string>) => resolveSettings((key) => config[key], {});
const nobody = () => undefined;

describe("one budget per account and process", () => {
  it("is shared by whoever uses the same endpoint and token, and by nobody else", () => {
    const endpoint = "http://127.0.0.1:9";
    const account = sharedAccount(settingsOf({ endpoint }), "a", nobody);
    const budget = account.client.transport.limiter;
    expect(budget.max).toBe(16);
    expect(sharedAccount(settingsOf({ endpoint }), "a", nobody)).toBe(account);
    const client = openSession({ apiUrl: endpoint, apiToken: "a" }, {});
    expect(client.account.client.transport.limiter).toBe(budget);
    expect(sharedBudget(settingsOf({ endpoint }), "b")).not.toBe(budget);
    expect(sharedBudget(settingsOf({ endpoint: "http://127.0.0.1:10" }), "a")).not.toBe(budget);
  });

  it("is as large as the smallest maxConcurrency that one of its users was given", () => {
    const endpoint = "http://127.0.0.1:11";
    const budget = sharedBudget(settingsOf({ endpoint, maxConcurrency: "40" }), "a");
    expect(budget.max).toBe(40);
    sharedAccount(settingsOf({ endpoint, maxConcurrency: "3" }), "a", nobody);
    openSession({ apiUrl: endpoint, apiToken: "a", maxConcurrency: 8 }, {});
    expect(budget.max).toBe(3);
  });

  it("holds over the socket: resources and clients together never have more requests open", async () => {
    let [open, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const api = await FakeApi.start(async (): Promise<Reply> => {
      most = Math.max(most, ++open);
      await new Promise<void>((resolve) => waiting.push(resolve));
      open--;
      return { body: { workspaces: [], jobs: [], cron_jobs: [], aliases: [], total: 0 } };
    });
    try {
      const settings = settingsOf({ endpoint: api.endpoint, maxConcurrency: "3" });
      const { client } = sharedAccount(settings, "t", nobody);
      const mags = [0, 1].map(() => new Mags({ apiUrl: api.endpoint, apiToken: "t" }));
      const calls = [
        ...Array.from({ length: 5 }, () => client.listWorkspaces()),
        ...Array.from({ length: 5 }, () => client.listCrons()),
        ...mags.flatMap((each) => Array.from({ length: 5 }, () => each.listWorkspaces())),
      ];
      const all = Promise.all(calls);
      let isOver = false;
      void all.finally(() => (isOver = true));
      while (!isOver) {
        // Whoever may still begin has the time to.
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        waiting.shift()?.();
      }
      await all;
      expect(most).toBe(3);
      await Promise.all(mags.map((each) => each.close()));
      await client.transport.close();
    } finally {
      await api.stop();
    }
  });

  it("is its own where an account is opened for itself", () => {
    const settings = settingsOf({ endpoint: "http://127.0.0.1:12", maxConcurrency: "2" });
    const [one, other] = [openAccount(settings, "a"), openAccount(settings, "a")];
    expect(one.client.transport.limiter).not.toBe(other.client.transport.limiter);
    expect(one.client.transport.limiter.max).toBe(2);
  });
});
