import { NotFoundError } from "../../../provider/client";
import { onEmulator, stopAll, type OnEmulator } from "./support";

let the: OnEmulator;
beforeEach(async () => {
  the = await onEmulator();
});
afterEach(stopAll);

const NIGHTLY = { name: "nightly", cronExpression: "0 3 * * *", script: "date" };

it("a schedule is created, listed, changed and deleted", async () => {
  const made = await the.mags.cronCreate({
    ...NIGHTLY,
    workspaceId: "reports",
    environment: { A: "1" },
    persistent: true,
  });
  expect(made).toMatchObject({ ...NIGHTLY, id: expect.any(String), workspaceId: "reports", enabled: true });
  expect(the.emulator.calls().at(-1)!.body).toEqual({
    name: "nightly",
    cron_expression: "0 3 * * *",
    script: "date",
    persistent: true,
    workspace_id: "reports",
    environment: { A: "1" },
  });
  await expect(the.mags.cronList()).resolves.toMatchObject({ cronJobs: [{ id: made.id }], total: 1 });
  await expect(the.mags.cronGet(made.id)).resolves.toMatchObject({ id: made.id, name: "nightly" });
  const changed = await the.mags.cronUpdate(made.id, { cronExpression: "0 4 * * *", workspaceId: "" });
  expect(changed).toMatchObject({ id: made.id, cronExpression: "0 4 * * *", script: "date" });
  expect(changed.workspaceId).toBeUndefined();
  await the.mags.cronDelete(made.id);
  await expect(the.mags.cronList()).resolves.toEqual({ cronJobs: [], total: 0 });
});

it("a change sends what is given, and no more; the API's own names will do", async () => {
  const { id } = await the.mags.cronCreate(NIGHTLY);
  the.calls();
  await the.mags.cronUpdate(id, { cron_expression: "0 5 * * *", enabled: false } as never);
  expect(the.emulator.calls()[0]!.body).toEqual({ cron_expression: "0 5 * * *", enabled: false });
});

it("one that is not to fire is switched off at once", async () => {
  const made = await the.mags.cronCreate({ ...NIGHTLY, enabled: false });
  expect(made).toMatchObject({ enabled: false });
  await expect(the.mags.cronGet(made.id)).resolves.toMatchObject({ enabled: false });
});

it("is created once when the answer is lost, also beside another of its name", async () => {
  const first = await the.mags.cronCreate(NIGHTLY);
  the.calls();
  the.emulator.inject({ kind: "close-after", route: "POST /mags-cron" });
  const second = await the.mags.cronCreate(NIGHTLY);
  expect(second.id).not.toBe(first.id);
  expect(the.calls().filter((call) => call === "POST /mags-cron")).toHaveLength(1);
  expect((await the.mags.cronList()).total).toBe(2);
});

it("is deleted when a first answer was lost", async () => {
  const { id } = await the.mags.cronCreate(NIGHTLY);
  the.emulator.inject({ kind: "error-after", route: "DELETE /mags-cron/{id}", status: 503 });
  await the.mags.cronDelete(id);
  expect((await the.mags.cronList()).total).toBe(0);
});

it("one that nobody has is an error everywhere", async () => {
  for (const call of [
    () => the.mags.cronGet("nobody"),
    () => the.mags.cronUpdate("nobody", { enabled: true }),
    () => the.mags.cronDelete("nobody"),
  ])
    await expect(call()).rejects.toThrow(NotFoundError);
});
