import { setTimeout as sleep } from "node:timers/promises";
import type { Octokit } from "@octokit/core";
import * as errors from "./errors";

/** Longest that one answer may take. */
const ANSWER_MS = 30_000;
/** A pause that GitHub asks for is made if it is no longer. */
const PAUSE_SECONDS = 60;
const TRIES = 3;

interface Options {
  method: string;
  url: string;
  [parameter: string]: unknown;
}

interface Refusal {
  status?: number;
  message?: string;
  response?: { headers?: Record<string, string | undefined>; data?: { message?: string } };
}

export interface Comment {
  id: number;
  body?: string;
  user?: { login: string; type: string } | null;
  /** What they are to the repository, such as MEMBER. */
  author_association?: string;
}

/** A pull request's place on GitHub, through Octokit. */
export class GitHub {
  private constructor(
    private readonly octokit: Octokit & Paginating,
    readonly owner: string,
    readonly repo: string,
  ) {}

  /** Undefined without a token or a repository: nobody has said that this is about GitHub. */
  static async find(repository: string | undefined, env = process.env): Promise<GitHub | undefined> {
    const token = env.GITHUB_TOKEN || env.GH_TOKEN;
    if (!token || repository === undefined) return undefined;
    // Both are ES modules alone, so they are not there to be required.
    const [{ Octokit: Core }, { paginateRest }] = await Promise.all([
      import("@octokit/core"),
      import("@octokit/plugin-paginate-rest"),
    ]);
    const quiet = () => undefined;
    const octokit = new (Core.plugin(paginateRest))({
      auth: token,
      baseUrl: env.GITHUB_API_URL || "https://api.github.com",
      userAgent: "mags-iac",
      // Octokit would print requests that fail, with their headers.
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    octokit.hook.wrap("request", (request, options) =>
      patiently(options as Options, () => {
        options.request = { ...options.request, signal: AbortSignal.timeout(ANSWER_MS) };
        return Promise.resolve(request(options));
      }),
    );
    const [owner, repo] = repository.split("/") as [string, string];
    return new GitHub(octokit as never, owner, repo);
  }

  /** The same; where it `must` be there, an error says what is missing. */
  static look(repository: string | undefined, { must }: { must?: boolean }): Promise<GitHub | undefined> {
    return must ? GitHub.open(repository) : GitHub.find(repository);
  }

  /** The same, and an error that says what is missing. */
  static async open(repository: string | undefined): Promise<GitHub> {
    if (!process.env.GITHUB_TOKEN && !process.env.GH_TOKEN) throw errors.noGitHubToken();
    const gitHub = await GitHub.find(repository);
    if (!gitHub) throw errors.noRepository();
    return gitHub;
  }

  get repository(): string {
    return `${this.owner}/${this.repo}`;
  }

  /** Numbers of all that are open. */
  async openPullRequests(): Promise<Set<number>> {
    const { owner, repo } = this;
    const pulls = await this.octokit.paginate("GET /repos/{owner}/{repo}/pulls", {
      owner,
      repo,
      state: "open",
      per_page: 100,
    });
    return new Set((pulls as { number: number }[]).map(({ number }) => number));
  }

  /** Whether GitHub says of this one that it is closed. */
  async isClosed(pullRequest: number): Promise<boolean> {
    const { owner, repo } = this;
    const { data } = await this.octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
      owner,
      repo,
      pull_number: pullRequest,
    });
    return data.state === "closed";
  }

  /** All comments of a pull request, on however many pages. */
  async comments(pullRequest: number): Promise<Comment[]> {
    const { owner, repo } = this;
    return (await this.octokit.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      owner,
      repo,
      issue_number: pullRequest,
      per_page: 100,
    })) as Comment[];
  }

  async createComment(pullRequest: number, body: string): Promise<void> {
    const { owner, repo } = this;
    await this.octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      owner,
      repo,
      issue_number: pullRequest,
      body,
    });
  }

  async updateComment(id: number, body: string): Promise<void> {
    const { owner, repo } = this;
    await this.octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      owner,
      repo,
      comment_id: id,
      body,
    });
  }

  async deleteComment(id: number): Promise<void> {
    const { owner, repo } = this;
    try {
      await this.octokit.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", {
        owner,
        repo,
        comment_id: id,
      });
    } catch (error) {
      // Another run has done it.
      if ((error as { status?: number }).status !== 404) throw error;
    }
  }

  /** Who we are; undefined for the token of a workflow, which may not ask. */
  async login(): Promise<string | undefined> {
    try {
      return (await this.octokit.request("GET /user")).data.login;
    } catch (error) {
      if (error instanceof RefusedError && error.status !== undefined && error.status < 500) return undefined;
      throw error;
    }
  }

  /** Deployments of an environment, the newest first. */
  async deployments(environment: string): Promise<{ id: number; sha: string }[]> {
    const { owner, repo } = this;
    return (await this.octokit.paginate("GET /repos/{owner}/{repo}/deployments", {
      owner,
      repo,
      environment,
      per_page: 100,
    })) as { id: number; sha: string }[];
  }

  async createDeployment(environment: string, sha: string): Promise<number> {
    const { owner, repo } = this;
    const { data } = await this.octokit.request("POST /repos/{owner}/{repo}/deployments", {
      owner,
      repo,
      ref: sha,
      environment,
      auto_merge: false,
      // The preview is there: what else is still to be checked does not keep it from being shown.
      required_contexts: [],
      transient_environment: true,
      production_environment: false,
    });
    return (data as { id: number }).id;
  }

  /** The last that was said of a deployment. */
  async deploymentState(id: number): Promise<string | undefined> {
    const { owner, repo } = this;
    const { data } = await this.octokit.request(
      "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
      {
        owner,
        repo,
        deployment_id: id,
        per_page: 1,
      },
    );
    return data[0]?.state;
  }

  async setDeployment(id: number, state: "success" | "failure" | "inactive", url?: string): Promise<void> {
    const { owner, repo } = this;
    await this.octokit.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
      owner,
      repo,
      deployment_id: id,
      state,
      auto_inactive: false,
      ...(url === undefined ? {} : { environment_url: url }),
    });
  }
}

interface Paginating {
  paginate(route: string, parameters: Record<string, unknown>): Promise<unknown[]>;
}

/** What GitHub refused, in our words. */
class RefusedError extends Error {
  constructor(
    error: Error,
    readonly exitCode: number,
    readonly status: number | undefined,
  ) {
    super(error.message);
  }
}

/**
 * Repeats what failed on GitHub's side, where that does no harm, and waits where it asks for a short pause. What it
 * refuses is told in our words, without anything of the request.
 */
async function patiently<T>(options: Options, send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const refusal = error as Refusal;
      const pause = pauseOf(refusal, options, attempt);
      if (pause === undefined || attempt === TRIES) {
        const told = explained(refusal, `${options.method} ${pathOf(options)}`);
        throw new RefusedError(told, told.exitCode, refusal.status);
      }
      await sleep(pause * 1000);
    }
  }
}

/** Seconds to wait before another try; undefined where there is none. */
function pauseOf(refusal: Refusal, { method }: Options, attempt: number): number | undefined {
  const { status } = refusal;
  if (isRateLimit(refusal)) {
    const seconds = limitedFor(refusal);
    return seconds <= PAUSE_SECONDS ? seconds : undefined;
  }
  // A POST may have had its effect: whoever sent it looks before sending another.
  const isFailure = status === undefined || status >= 500;
  return isFailure && method !== "POST" ? 2 ** (attempt - 1) : undefined;
}

function isRateLimit({ status, response }: Refusal): boolean {
  const headers = response?.headers ?? {};
  if (status === 429) return true;
  return status === 403 && (headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined);
}

function limitedFor({ response }: Refusal): number {
  const headers = response?.headers ?? {};
  if (headers["retry-after"] !== undefined) return Math.max(1, Number(headers["retry-after"]) || 1);
  const reset = Number(headers["x-ratelimit-reset"]);
  return Number.isFinite(reset) ? Math.max(1, reset - Date.now() / 1000) : Infinity;
}

function explained(refusal: Refusal, call: string) {
  const { status, response, message } = refusal;
  const detail =
    `${status ?? "no answer"}: ${response?.data?.message ?? (status === undefined ? message : "")}`.replace(
      /: $/,
      "",
    );
  if (isRateLimit(refusal)) {
    const seconds = limitedFor(refusal);
    const until = Number.isFinite(seconds) ? `in ${Math.ceil(seconds / 60)} min` : "in an hour";
    return errors.gitHubRateLimited(call, until);
  }
  if (status === 401 || status === 403) return errors.gitHubRefused(call, detail);
  if (status === 404) return errors.gitHubNotFound(call);
  return errors.gitHubFailed(call, detail);
}

/** Routes come with the names of their parameters in braces, or filled in as an address. */
function pathOf({ url, ...parameters }: Options): string {
  if (URL.canParse(url)) return new URL(url).pathname;
  return url.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? name));
}
