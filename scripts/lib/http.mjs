import http from "node:http";
import https from "node:https";

/**
 * @typedef {{ status: number, body: string }} Answer
 */

/** The most of an answer that is read, in bytes. */
const LIMIT = 1_000_000;

/**
 * A GET request. Names below `localhost` are taken to loopback: browsers do that, Node does not.
 * @param {string} address
 * @param {{ headers?: Record<string, string>, timeout?: number }} [options] `timeout` in milliseconds.
 * @returns {Promise<Answer>}
 */
export function get(address, { headers = {}, timeout = 10_000 } = {}) {
  const url = new URL(address);
  const isLocal = url.hostname === "localhost" || url.hostname.endsWith(".localhost");
  const client = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.get(
      {
        host: isLocal ? "127.0.0.1" : url.hostname,
        port: url.port || undefined,
        path: `${url.pathname}${url.search}`,
        headers: { host: url.host, ...headers },
        signal: AbortSignal.timeout(timeout),
        agent: false,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          body += chunk;
          if (body.length > LIMIT) response.destroy(new Error(`the answer is longer than ${LIMIT} bytes`));
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    request.on("error", reject);
  });
}

/**
 * @param {string} address
 * @param {string} token
 * @returns {Promise<any>}
 */
export async function getJson(address, token) {
  const { status, body } = await get(address, { headers: { authorization: `Bearer ${token}` } });
  if (status >= 400) throw new Error(`GET ${address} answered ${status}: ${body.slice(0, 200)}`);
  return JSON.parse(body);
}
