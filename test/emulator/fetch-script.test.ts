import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fetchScript } from "../../emulator/lifecycle/fetch-script";

const LOCAL = { network: false };

/** A server that gives a script at `/script` and sends everything else to it. */
async function serving(task: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    if (request.url === "/script") response.end("echo hello\n");
    else if (request.url === "/missing") response.writeHead(404).end();
    else response.writeHead(302, { location: "/script" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await task(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a script is fetched from this machine", () =>
  serving(async (url) => {
    expect(await fetchScript(`${url}/script`, LOCAL)).toBe("echo hello\n");
    await expect(fetchScript(`${url}/missing`, LOCAL)).rejects.toThrow(/failed with status 404/);
  }));

test("without the network, neither a URL nor a redirection leads away from this machine", () =>
  serving(async (url) => {
    await expect(fetchScript("https://example.com/run.sh", LOCAL)).rejects.toThrow(/--network/);
    await expect(fetchScript(`${url}/elsewhere`, LOCAL)).rejects.toThrow();
    expect(await fetchScript(`${url}/elsewhere`, { network: true })).toBe("echo hello\n");
  }));

test.each(["nothing", "ftp://127.0.0.1/run.sh", "file:///etc/passwd"])("%s is refused", async (address) => {
  await expect(fetchScript(address, LOCAL)).rejects.toThrow(/script/);
});
