import * as net from "node:net";
import type { AddressInfo } from "node:net";

/** Lines before the version are allowed by the SSH protocol, and clients show them. */
const MESSAGE = "The Mags emulator does not serve SSH. Use exec: POST /api/v1/mags-jobs/{id}/exec.\r\n";

/** The port that access on 22 names: it tells an SSH client why it is turned away. Opened on first use. */
export class SshGate {
  private opening: Promise<net.Server> | undefined;
  private readonly sockets = new Set<net.Socket>();

  /** The port to connect to, on 127.0.0.1. */
  async port(): Promise<number> {
    this.opening ??= new Promise((resolve, reject) => {
      const server = net.createServer((socket) => {
        this.sockets.add(socket);
        socket.once("close", () => this.sockets.delete(socket));
        socket.on("error", () => socket.destroy());
        socket.resume();
        socket.end(MESSAGE);
      });
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(server));
    });
    return ((await this.opening).address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = await this.opening;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A client may stay after it was told to go.
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
