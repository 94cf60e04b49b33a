import type { Emulator } from "../../../emulator";

/** An account as somebody else has filled it: plain calls of the API, by no client of ours. */
export class Account {
  constructor(private readonly emulator: Emulator) {}

  async call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const { url, token } = this.emulator;
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  /** Starts a VM that stays, and answers its request id. */
  async job(more: Record<string, unknown>): Promise<string> {
    const job = { script: "sleep infinity", type: "inline", persistent: true, ...more };
    return String((await this.call("POST", "mags-jobs", job)).request_id);
  }

  alias(subdomain: string, workspaceId: string): Promise<unknown> {
    return this.call("POST", "mags-url-aliases", {
      subdomain,
      workspace_id: workspaceId,
      domain: "localhost",
    });
  }

  async cron(name: string, more: Record<string, unknown> = {}): Promise<string> {
    const cron = { name, cron_expression: "0 3 * * *", script: `echo ${name}`, persistent: false, ...more };
    return String((await this.call("POST", "mags-cron", cron)).id);
  }
}
