import { CliError } from "../errors";
import { markerOf, textOf, type Told } from "./comment-text";
import type { Comment, GitHub } from "./github";

export interface Subject {
  project: string;
  stack: string;
  pullRequest: number;
}

/**
 * Writes the one comment of a preview. One that was lost from sight would be written twice, so all pages are looked
 * through each time; another of ours, as two runs at once may have left, is taken away.
 * @param createMissing false: an existing one is brought up to date, and none is written
 */
export async function writeComment(
  gitHub: GitHub,
  { project, stack, pullRequest }: Subject,
  told: Told,
  createMissing = true,
): Promise<void> {
  const marker = markerOf(project, stack);
  const body = `${marker}\n${textOf(told, Date.now())}`;
  const put = async () => {
    const [first, ...others] = await ours(gitHub, pullRequest, marker);
    if (first && first.body !== body) await gitHub.updateComment(first.id, body);
    for (const other of others) await gitHub.deleteComment(other.id);
    if (first || !createMissing) return false;
    await gitHub.createComment(pullRequest, body);
    return true;
  };
  try {
    // Another run may have written the first one at the same time.
    if (await put()) await put();
  } catch (error) {
    // What GitHub answered with an error may still have had its effect, which a second look shows.
    if (((error as { status?: number }).status ?? 500) < 500) throw error;
    await put();
  }
}

/**
 * Comments with the marker that we have written, with this token or with another, such as a workflow's and then
 * somebody's. Anybody may write the marker, and would be the one to edit it then.
 */
async function ours(gitHub: GitHub, pullRequest: number, marker: string): Promise<Comment[]> {
  const marked = (await gitHub.comments(pullRequest)).filter(({ body }) => body?.startsWith(marker));
  if (marked.length === 0) return [];
  const login = await gitHub.login();
  return marked.filter(({ author_association: association = "", user }) => {
    if (user?.login === WORKFLOW || user?.login === login) return true;
    // The token of a workflow does not say whose it is; what an app's writes is a bot's. Both may edit all comments.
    return login === undefined && (user?.type === "Bot" || TRUSTED.includes(association));
  });
}

/** Who writes with the token of a workflow. */
const WORKFLOW = "github-actions[bot]";
/** Those who may have run the command themselves. */
const TRUSTED = ["OWNER", "MEMBER", "COLLABORATOR"];

/** The environment that GitHub shows a preview as. */
export function environmentOf({ project, stack }: Subject): string {
  return `${project}/${stack}`;
}

/** Tells GitHub's deployments: one of this commit is the active one, all others are over. */
export async function showDeployment(
  gitHub: GitHub,
  subject: Subject,
  { state, sha, url }: Told,
): Promise<void> {
  const environment = environmentOf(subject);
  const known = await gitHub.deployments(environment);
  if (state === "removed") return end(gitHub, known);
  // Of which commit it is now nobody knows, so none can be said to be over.
  if (sha !== undefined) {
    // GitHub answers with whole ones.
    const id =
      known.find((one) => one.sha.startsWith(sha))?.id ?? (await gitHub.createDeployment(environment, sha));
    await gitHub.setDeployment(id, state === "up" ? "success" : "failure", url);
    // A failed update leaves the earlier one up.
    if (state === "failed") return;
    await end(
      gitHub,
      known.filter((one) => one.id !== id),
    );
  }
}

async function end(gitHub: GitHub, deployments: readonly { id: number }[]): Promise<void> {
  for (const { id } of deployments)
    if ((await gitHub.deploymentState(id)) !== "inactive") await gitHub.setDeployment(id, "inactive");
}

/** Tells GitHub all of it, as far as it lets us. Gives what did not work. */
export async function tellGitHub(
  gitHub: GitHub,
  subject: Subject,
  told: Told,
  createMissing = true,
): Promise<Error[]> {
  const failures: Error[] = [];
  for (const tell of [
    () => writeComment(gitHub, subject, told, createMissing),
    () => showDeployment(gitHub, subject, told),
  ]) {
    try {
      await tell();
    } catch (error) {
      failures.push(error instanceof Error ? error : new CliError(String(error)));
    }
  }
  return failures;
}
