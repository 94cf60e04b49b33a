import { request as overHttp, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import { openAccount, type Account } from "../../provider/api/account";
import { explain } from "../../provider/api/explain";
import { findToken, resolveSettings, type Settings } from "../../provider/api/settings";
import { isTooOld, loopbackLookup } from "../../provider/api/transport";
import { tokenMissing } from "../../provider/errors";
import type { Configuration } from "../account/config";
import { saying } from "../lib/saying";
import { ok, unchecked, warning, wrong, type Finding } from "./finding";

/** What is known of the account, as far as it could be opened. */
export interface Cloud {
  findings: Finding[];
  settings?: Settings;
  /** Undefined where there is no token, or no answer. */
  account?: Account;
}

const SET_TOKEN = `export MAGS_API_TOKEN=…   # made at https://mags.run/tokens.html; or: pulumi config set --secret mags:apiToken`;
/** Clocks further apart than this make ages and schedules look wrong. */
const SKEW_MS = 30_000;
/** And than this, certificates too. */
const GREAT_SKEW_MS = 300_000;
const CLOCK_LIMIT_MS = 10_000;
/** A person waits for the answer, so one that does not come is told soon. */
const LIMIT_MS = 10_000;

/** Endpoint, token and clock of the account that a configuration and the environment say. */
export async function cloud(configuration: Configuration, endpointNamed?: string): Promise<Cloud> {
  let settings: Settings;
  try {
    settings = resolveSettings((key) => configuration[key]);
  } catch (error) {
    return {
      findings: [wrong("endpoint", saying(error)), unchecked("token", "There is no endpoint to use it on.")],
    };
  }
  const [clock, access] = await Promise.all([clockOf(settings.endpoint), accessTo(settings, endpointNamed)]);
  return { settings, account: access.account, findings: [...access.findings, clock] };
}

async function accessTo(
  settings: Settings,
  endpointNamed: string | undefined,
): Promise<{ findings: Finding[]; account?: Account }> {
  const { endpoint } = settings;
  let token: string | undefined;
  try {
    token = findToken(settings);
  } catch (error) {
    return { findings: [await reached(endpoint), wrong("token", saying(error), SET_TOKEN)] };
  }
  if (token === undefined) {
    const { message } = tokenMissing(endpoint);
    return { findings: [await reached(endpoint), wrong("token", message, SET_TOKEN)] };
  }
  if (isTooOld(process.versions.node)) {
    return { findings: [await reached(endpoint), unchecked("token", "This Node.js is too old to use it.")] };
  }
  const account = openAccount(settings, token, { timeoutMs: LIMIT_MS });
  try {
    await account.client.listWorkspaces();
    const label = `${endpoint} (account label ${settings.account})`;
    return {
      findings: [ok("endpoint", label), ok("token", `accepted, from ${sourceOf(settings)}`)],
      account,
    };
  } catch (error) {
    const text = saying(explain(error, endpointNamed));
    const refused = [401, 403].includes((error as { status?: number }).status ?? 0);
    const findings = refused
      ? [ok("endpoint", endpoint), wrong("token", text, SET_TOKEN)]
      : [
          wrong("endpoint", text, `curl -v ${endpoint}`),
          unchecked("token", `from ${sourceOf(settings)}; the endpoint did not judge it.`),
        ];
    return { findings };
  }
}

/** Where the token is from, as `findToken` goes; never what it is. */
function sourceOf({ apiToken, apiTokenEnv }: Settings, env = process.env): string {
  if (apiToken) return "mags:apiToken";
  if (apiTokenEnv) return apiTokenEnv;
  return env.MAGS_API_TOKEN ? "MAGS_API_TOKEN" : env.MAGS_TOKEN ? "MAGS_TOKEN" : "~/.mags/config.json";
}

async function reached(endpoint: string): Promise<Finding> {
  try {
    await dateAt(endpoint);
    return ok("endpoint", endpoint);
  } catch (error) {
    return wrong("endpoint", `${endpoint} cannot be reached (${saying(error)}).`, `curl -v ${endpoint}`);
  }
}

/** The server's clock against ours. */
async function clockOf(endpoint: string): Promise<Finding> {
  const before = Date.now();
  let date: string | undefined;
  try {
    date = await dateAt(endpoint);
  } catch {
    return unchecked("clock", "The endpoint gave no answer to compare with.");
  }
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return unchecked("clock", "The endpoint does not tell its time.");
  return skew(theirs, before, Date.now());
}

/** Half of the way there and back, and the second that the header does not tell, are nobody's fault. */
export function skew(theirs: number, before: number, after: number): Finding {
  const ahead = (before + after) / 2 - (theirs + 500);
  const most = SKEW_MS + (after - before) / 2;
  if (Math.abs(ahead) <= most) return ok("clock", "agrees with that of the endpoint");
  const text = `This machine's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? "ahead of" : "behind"} that of the endpoint.`;
  const mend = "sudo timedatectl set-ntp true";
  return Math.abs(ahead) > GREAT_SKEW_MS ? wrong("clock", text, mend) : warning("clock", text, mend);
}

/** The Date of any answer: also a refusal has one. */
function dateAt(endpoint: string): Promise<string | undefined> {
  const url = new URL(endpoint);
  const options: RequestOptions = { method: "HEAD", timeout: CLOCK_LIMIT_MS, lookup: loopbackLookup };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? overHttps : overHttp)(url, options, (answer) => {
      answer.resume();
      resolve(answer.headers.date);
      request.destroy();
    });
    request.once("timeout", () => request.destroy(new Error(`no answer in ${CLOCK_LIMIT_MS / 1000} s`)));
    request.once("error", (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
    request.end();
  });
}
