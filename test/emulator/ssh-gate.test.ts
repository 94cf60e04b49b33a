import * as net from "node:net";
import { call, ready, start, stopAll, submit, until } from "./support";

afterEach(stopAll);

test("a client of SSH is told why it is turned away, and one that stays does not hold up the end", async () => {
  const emulator = await start({ execute: "simulate" });
  const id = await submit(emulator, { script: "sleep infinity", persistent: true });
  await ready(emulator, id);
  const { body } = await call(emulator, "POST", `/v1/mags-jobs/${id}/access`, { port: 22 });
  const socket = net.connect({ host: body.ssh_host, port: body.ssh_port, allowHalfOpen: true });
  socket.on("error", () => undefined); // The emulator cuts it off.
  let said = "";
  socket.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  await until("it is told", () => said.endsWith("\n"));
  expect(said).toContain("does not serve SSH");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await emulator.stop();
  socket.end();
  await closed;
});
