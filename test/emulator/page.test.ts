import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Emulator, PageState } from "../../emulator";
import { CHROMIUM_FLAGS, findChromium } from "../support/chromium";
import { describeIf } from "../support/skip";
import { access, call, start, stopAll, submit } from "./support";

const executablePath = findChromium();
const SERVICE = { script: "echo up and running\nserve", persistent: true };

/** By how much the panels of the page stand out of their column, in pixels. */
const BEYOND = `(() => {
  const main = document.querySelector("main");
  const edge = main.getBoundingClientRect().right - parseFloat(getComputedStyle(main).paddingRight);
  const panels = [...document.querySelectorAll(".panel")];
  return Math.max(...panels.map((panel) => Math.floor(panel.getBoundingClientRect().right - edge)));
})()`;

afterEach(stopAll);

describeIf(executablePath !== undefined, "no Chromium is on PATH")("the page in a browser", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let requested: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  }, 60_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "UTC" });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    problems = [];
    requested = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("dialog", (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => requested.push(request.url()));
  });
  afterEach(() => context.close());

  /** The row of a VM. */
  const row = (name: string) =>
    page.locator("tr.vm", { has: page.getByRole("button", { name, exact: true }) });
  const texts = (selector: string) => page.locator(selector).allInnerTexts();

  /** Replaces what the page reads. */
  const serve = (state: PageState) =>
    page.route("**/_emulator/state", (route) => route.fulfill({ json: state }));

  test("an empty emulator says what to do next; what is made then appears by itself", async () => {
    const emulator = await start({ execute: "simulate" });
    await page.goto(emulator.url);
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    expect(await page.locator("#empty-shell").innerText()).toContain(`export MAGS_API_URL=${emulator.url}`);
    expect(await page.locator("#vms").isVisible()).toBe(false);
    await submit(emulator, { ...SERVICE, name: "first" });
    await row("first").waitFor();
    expect(await page.locator("#empty").isVisible()).toBe(false);
    expect(await page.title()).toBe("1 VM · Mags emulator");
    expect(problems).toEqual([]);
    expect(requested.every((url) => url.startsWith(`${emulator.url}/`))).toBe(true);
  });

  test("the command of the empty state works as it stands", async () => {
    const emulator = await start({ execute: "simulate" });
    await page.goto(emulator.url);
    const command = await page.locator("#empty-curl").innerText();
    const body = /-d '(.*)'$/s.exec(command)?.[1] ?? "";
    const path = /\$MAGS_API_URL\/api(\S+)"/.exec(command)?.[1] ?? "";
    expect((await call(emulator, "POST", path, body)).body).toMatchObject({ status: "accepted" });
    await row("hello").waitFor();
  });

  test("shows VMs with state, URL, disk and log, and follows them", async () => {
    const emulator = await start({
      execute: "simulate",
      clock: "driven",
      bootMs: 100,
      vmIdMs: 100,
      stopMs: 1_000,
    });
    const id = await submit(emulator, { ...SERVICE, name: "web", workspace_id: "site", disk_gb: 12 });
    await page.goto(emulator.url);
    await row("web").getByText("starting", { exact: true }).waitFor();
    await emulator.clock.advance(300);
    await row("web").getByText("running", { exact: true }).waitFor();
    expect(await row("web").innerText()).toMatch(/up and running[\s\S]*no access yet[\s\S]*site[\s\S]*12 GB/);

    const subdomain = await access(emulator, id, 8080);
    const link = row("web").getByRole("link", { name: `${subdomain}.localhost:${emulator.port}` });
    await link.waitFor();
    expect(await link.getAttribute("href")).toBe(`http://${subdomain}.localhost:${emulator.port}`);

    await page.getByRole("button", { name: "web", exact: true }).click();
    await page.locator("tr.more .log").getByText("up and running").waitFor();
    expect(await page.locator("tr.more .facts").innerText()).toContain(id);

    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await row("web").getByText("stopping", { exact: true }).waitFor();
    await emulator.clock.advance(2_000);
    await row("web").getByText("completed", { exact: true }).waitFor();
    expect(await page.locator("tr.more .log").isVisible()).toBe(true);
    expect(problems).toEqual([]);
  });

  test("a link opens the VM, and wakes it", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven" });
    const id = await submit(emulator, { ...SERVICE, name: "web" });
    await emulator.clock.advance(1_000);
    await access(emulator, id, 8080);
    await emulator.clock.advance(11 * 60_000);
    await page.goto(emulator.url);
    await row("web").getByText("sleeping", { exact: true }).waitFor();
    const opened = context.waitForEvent("page");
    await row("web").getByRole("link").click();
    const served = await opened;
    await served.waitForLoadState();
    expect(await served.locator("body").innerText()).toContain('"name":"web"');
    await row("web").getByText("running", { exact: true }).waitFor();
  });

  test("shows a failed job with its exit code, below those that are active", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { ...SERVICE, name: "service" });
    await submit(emulator, { script: "echo no space left\nexit 7", name: "broken" });
    await page.goto(emulator.url);
    await row("broken").getByText("error 7", { exact: true }).waitFor();
    expect((await texts("#vms .name")).map((name) => name.trim())).toEqual(["service", "broken"]);
  });

  test("shows workspaces, aliases with targets, cron jobs with the next fires, and the last calls", async () => {
    const emulator = await start({
      execute: "simulate",
      clock: "driven",
      startAt: Date.UTC(2026, 5, 1, 9, 0, 0),
    });
    const id = await submit(emulator, { ...SERVICE, name: "web", workspace_id: "site" });
    await emulator.clock.advance(2_000);
    await access(emulator, id, 3000);
    await call(emulator, "POST", "/v1/mags-url-aliases", { subdomain: "shop", workspace_id: "site" });
    await call(emulator, "POST", "/v1/mags-url-aliases", { subdomain: "docs", workspace_id: "none" });
    const cron = {
      name: "nightly backup",
      cron_expression: "30 3 * * *",
      script: "true",
      workspace_id: "backups",
    };
    await call(emulator, "POST", "/v1/mags-cron", cron);
    const paused = await call(emulator, "POST", "/v1/mags-cron", { ...cron, name: "paused" });
    await call(emulator, "PATCH", `/v1/mags-cron/${paused.body.id}`, { enabled: false });
    await call(emulator, "GET", "/v1/mags-jobs/nothing/status");
    await page.goto(emulator.url);
    await row("web").waitFor();
    const [shop, docs] = await texts("#aliases li");
    expect(shop).toMatch(/shop[\s\S]*answers[\s\S]*→ web on port 3000/);
    expect(docs).toMatch(/docs[\s\S]*no active job[\s\S]*→ workspace none/);
    const [nightly, off] = await texts("#crons li");
    expect(nightly).toMatch(/nightly backup[\s\S]*on[\s\S]*30 3 \* \* \* · on backups · next in 18 h/);
    expect(nightly).toContain("2 Jun 03:30 · 3 Jun 03:30 · 4 Jun 03:30 UTC");
    expect(off).toMatch(/paused[\s\S]*off[\s\S]*does not fire/);
    expect(await texts("#workspaces li")).toEqual([expect.stringMatching(/site[\s\S]*in use[\s\S]*by web/)]);
    const calls = await texts("#calls tr");
    expect(calls[0]).toMatch(/GET\s+\/api\/v1\/mags-jobs\/nothing\/status\s+404/);
    expect(calls.at(-1)).toMatch(/POST\s+\/api\/v1\/mags-jobs\s+202/);
  });

  test("a call that failed is seen before anything was made", async () => {
    const emulator = await start({ execute: "simulate" });
    await call(emulator, "GET", "/v1/mags-jobs", undefined, "wrong");
    await page.goto(emulator.url);
    await page.getByRole("heading", { name: "Last API calls" }).waitFor();
    expect((await texts("#calls tr"))[0]).toMatch(/GET\s+\/api\/v1\/mags-jobs\s+401\s+no account/);
  });

  test("what others wrote stays text", async () => {
    const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { script: `echo '${evil}'\nserve`, persistent: true, name: "web" });
    await call(emulator, "GET", `/v1/mags-jobs/${encodeURIComponent(evil)}/status`);
    await page.goto(emulator.url);
    await row("web").click();
    await page.locator("tr.more .log").getByText(evil).waitFor();

    const real = (await (await fetch(`${emulator.url}/_emulator/state`)).json()) as PageState;
    const [vm] = real.vms;
    if (vm === undefined) throw new Error("the VM is missing");
    await serve({
      ...real,
      mode: evil,
      notes: [evil],
      vms: [
        {
          ...vm,
          name: evil,
          url: "javascript:window.hacked=1",
          workspaceId: evil,
          vmId: evil,
          state: evil,
          log: [evil],
        },
      ],
      workspaces: [{ account: 0, workspaceId: evil, activeJob: evil }],
      aliases: [
        {
          account: 0,
          subdomain: evil,
          domain: evil,
          url: "javascript:window.hacked=1",
          workspaceId: evil,
          target: evil,
          state: "answers",
        },
      ],
      crons: [{ account: 0, id: evil, name: evil, cronExpression: evil, enabled: true, nextRuns: [] }],
      calls: [{ at: real.now, account: 0, method: evil, path: evil, status: 200, fault: evil }],
    });
    await page.locator("#aliases").getByText(evil).first().waitFor();
    expect(await page.locator("#vms").getByText(evil).count()).toBeGreaterThan(1);
    expect(await page.locator("#fleet img, #fleet script, header img, header script").count()).toBe(0);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
    expect(problems).toEqual([]);
  });

  test("its own policy forbids scripts that are not its own", async () => {
    const emulator = await start({ execute: "simulate" });
    await page.goto(emulator.url);
    await page.evaluate(() => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the document of the browser, not of Node
      const { document } = globalThis as any;
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
    });
    expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
    expect(problems.join()).toContain("Content Security Policy");
  });

  test("says when the emulator is gone, and goes on when it is back", async () => {
    const first = await start({ execute: "simulate" });
    await submit(first, { ...SERVICE, name: "web" });
    await page.goto(first.url);
    await row("web").waitFor();
    const { port } = first;
    await first.stop();
    await page.getByText("The emulator does not answer.").waitFor();
    expect(await page.locator("#gone").innerText()).toContain(`mags-iac emulator --port ${port}`);
    expect(await row("web").isVisible()).toBe(true);
    const second = await start({ execute: "simulate", port });
    await submit(second, { ...SERVICE, name: "back" });
    await row("back").waitFor();
    expect(await page.locator("#gone").isVisible()).toBe(false);
    expect(await row("web").count()).toBe(0);
  });

  test("asks every second or two, and pauses while nobody looks", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { ...SERVICE, name: "web" });
    await page.clock.install();
    await page.goto(emulator.url);
    await row("web").waitFor();
    const asked = () => requested.filter((url) => url.endsWith("/_emulator/state")).length;
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the document of the browser, not of Node
        const { document, Event } = globalThis as any;
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);

    const before = asked();
    for (let round = 0; round < 3; round++) {
      const answered = page.waitForResponse("**/_emulator/state");
      await page.clock.runFor(2_000);
      await (await answered).finished();
    }
    expect(asked() - before).toBeGreaterThanOrEqual(3);

    await hide(true);
    await page.getByText("paused", { exact: true }).waitFor();
    const paused = asked();
    await page.clock.runFor(60_000);
    expect(asked()).toBe(paused);
    const answered = page.waitForResponse("**/_emulator/state");
    await hide(false);
    await answered;
    await page.getByText("live", { exact: true }).waitFor();
  });

  test("200 VMs stay readable: states, filter, open rows and narrow windows", async () => {
    const emulator = await start({ execute: "simulate", bootMs: 0, vmIdMs: 0 });
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        submit(emulator, { ...SERVICE, name: `box-${index}`, workspace_id: `ws-${index}` }),
      ),
    );
    await page.goto(emulator.url);
    await row("box-199").waitFor();
    expect(await page.locator("tr.vm").count()).toBe(200);
    await page.getByRole("button", { name: "running 200" }).waitFor();

    await page.getByRole("searchbox").fill("box-17 running");
    expect(await texts("tr.vm .name")).toHaveLength(11);
    await page.getByRole("searchbox").fill(ids[42] ?? "");
    expect(await texts("tr.vm .name")).toEqual(["box-42"]);
    await page.getByRole("searchbox").fill("nowhere");
    await page.getByText("No VM matches the filter.").waitFor();
    await page.getByRole("searchbox").fill("");

    // An open row, its element and the scroll position outlive a refresh.
    await page.getByRole("button", { name: "box-100", exact: true }).click();
    const element = await row("box-100").elementHandle();
    const scrolled = await page.locator("#scroll").evaluate((node) => node.scrollTop);
    await call(emulator, "POST", `/v1/mags-jobs/${ids[100]}/stop`);
    await row("box-100").getByText("completed", { exact: true }).waitFor();
    expect(await element?.evaluate((node) => node.isConnected)).toBe(true);
    expect(await page.locator("tr.more:visible").count()).toBe(1);
    expect(await page.locator("#scroll").evaluate((node) => node.scrollTop)).toBe(scrolled);
    expect(scrolled).toBeGreaterThan(0);

    await page.getByRole("button", { name: "ended 1" }).click();
    expect(await texts("tr.vm .name")).toEqual(["box-100"]);

    for (const width of [1600, 1280, 900, 400]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      expect(await page.evaluate(BEYOND)).toBeLessThanOrEqual(0);
    }
    expect(problems).toEqual([]);
  }, 60_000);

  test("is light or dark by the system's setting", async () => {
    const emulator = await start({ execute: "simulate" });
    const colours = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(emulator.url);
      colours.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
    }
    expect(colours).toEqual(["rgb(244, 245, 247)", "rgb(15, 19, 24)"]);
  });

  test("two accounts are told apart", async () => {
    const emulator: Emulator = await start({ execute: "simulate", accounts: 2 });
    await submit(emulator, { ...SERVICE, name: "web", workspace_id: "same" });
    await submit(
      { url: emulator.url, token: emulator.tokens[1] ?? "" },
      { ...SERVICE, name: "web", workspace_id: "same" },
    );
    await page.goto(emulator.url);
    await expect(page.locator("#workspaces li").nth(1).innerText()).resolves.toContain("account 2");
    expect(await texts("tr.vm .tag")).toEqual(["account 1", "account 2"]);
  });
});
