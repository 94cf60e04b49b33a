import type { PageState } from "../../emulator";
import { renderPage } from "../../emulator/page";
import { start, stopAll, submit, visit } from "./support";

const SERVICE = { script: "echo up and running\nserve", persistent: true };

afterEach(stopAll);

describe("the page as a text", () => {
  test("is small, and names nothing outside itself", () => {
    const page = renderPage();
    expect(page.length).toBeLessThan(64 * 1024);
    const addresses = page.match(/https?:\/\/[^\s"'`)]+/g) ?? [];
    // The name of the SVG format is no address that is asked for anything.
    expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/2000/svg"))).toEqual([]);
    expect(page).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
  });

  test("is for this machine alone, by name, and the API's port serves it at / only", async () => {
    const emulator = await start({ execute: "simulate" });
    const own = await visit(emulator, `127.0.0.1:${emulator.port}`);
    expect([own.status, own.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    for (const path of ["/", "/_emulator/state"]) {
      const other = await visit(emulator, "rebound.example", path);
      expect(other.status).toBe(501);
      expect(other.headers["content-type"]).toMatch(/^application\/json/);
    }
  });

  test("what it reads holds no secret", async () => {
    const emulator = await start({ execute: "simulate", accounts: 2 });
    await submit(emulator, {
      ...SERVICE,
      environment: { KEY: "hidden-value" },
      startup_command: "hidden-command",
    });
    const { body } = await visit(emulator, `127.0.0.1:${emulator.port}`, "/_emulator/state");
    expect((JSON.parse(body) as PageState).vms).toHaveLength(1);
    for (const secret of [...emulator.tokens, emulator.adminToken, "hidden-value", "hidden-command"]) {
      expect(body).not.toContain(secret);
    }
  });
});
