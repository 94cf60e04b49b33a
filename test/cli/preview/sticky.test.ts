import { markerOf, type Told } from "../../../cli/preview/comment-text";
import type { Comment, GitHub } from "../../../cli/preview/github";
import { showDeployment, writeComment } from "../../../cli/preview/sticky";

const SUBJECT = { project: "shop", stack: "pr-7", pullRequest: 7 };
const MARKER = markerOf("shop", "pr-7");
const FULL = "4f2c1d9".padEnd(40, "0");
const BOT = { login: "github-actions[bot]", type: "Bot" };
const MEMBER = { login: "member", type: "User" };

/** What a repository on GitHub holds, shared by those who work on it. */
class Repository {
  comments: Comment[] = [];
  deployments: { id: number; sha: string; states: string[] }[] = [];
  private next = 1;

  add(body: string, user: { login: string; type: string }, association = "NONE"): void {
    this.comments.push({ id: this.next++, body, user, author_association: association });
  }

  /** As seen with a token: of a workflow, which does not say whose it is, or of somebody. */
  with(token: "workflow" | "member", onCreate: () => void = () => undefined): GitHub {
    const isMember = token === "member";
    return {
      login: () => Promise.resolve(isMember ? MEMBER.login : undefined),
      comments: () => Promise.resolve([...this.comments]),
      createComment: (_: number, body: string) => {
        onCreate();
        this.add(body, isMember ? MEMBER : BOT, isMember ? "MEMBER" : "NONE");
        return Promise.resolve();
      },
      updateComment: (id: number, body: string) => {
        this.comments.find((one) => one.id === id)!.body = body;
        return Promise.resolve();
      },
      deleteComment: (id: number) => {
        this.comments = this.comments.filter((one) => one.id !== id);
        return Promise.resolve();
      },
      deployments: () => Promise.resolve([...this.deployments].reverse()),
      createDeployment: (_: string, ref: string) => {
        const id = this.next++;
        this.deployments.push({ id, sha: ref.padEnd(40, "0"), states: [] });
        return Promise.resolve(id);
      },
      deploymentState: (id: number) => Promise.resolve(this.deployment(id).states.at(-1)),
      setDeployment: (id: number, state: string) => {
        this.deployment(id).states.push(state);
        return Promise.resolve();
      },
    } as unknown as GitHub;
  }

  get active(): string[] {
    return this.deployments.filter(({ states }) => states.at(-1) === "success").map(({ sha }) => sha);
  }

  private deployment(id: number) {
    return this.deployments.find((one) => one.id === id)!;
  }
}

let repository: Repository;
beforeEach(() => (repository = new Repository()));
const up = (sha?: string): Told => ({ state: "up", url: "https://a.test", sha });

describe("the one comment", () => {
  it.each([
    ["workflow", "member"],
    ["member", "workflow"],
  ] as const)("of a %s's token is found with a %s's", async (first, second) => {
    await writeComment(repository.with(first), SUBJECT, up("a".repeat(40)));
    await writeComment(repository.with(second), SUBJECT, up("b".repeat(40)));
    expect(repository.comments.map(({ body }) => body)).toEqual([expect.stringContaining("bbbbbbbbbbbb")]);
  });

  it("is one also where another run writes it at the same time", async () => {
    const other = () => repository.add(`${MARKER}\nof the other run`, BOT);
    await writeComment(repository.with("workflow", other), SUBJECT, up(FULL));
    expect(repository.comments.map(({ body }) => body)).toEqual([expect.stringContaining("4f2c1d9")]);
  });

  it("is not what a stranger has marked, with any token", async () => {
    repository.add(`${MARKER}\nmine`, { login: "stranger", type: "User" });
    await writeComment(repository.with("workflow"), SUBJECT, up(FULL));
    await writeComment(repository.with("member"), SUBJECT, up("b".repeat(40)));
    expect(repository.comments.map(({ body }) => body)).toEqual([
      `${MARKER}\nmine`,
      expect.stringContaining("bbbbbbbbbbbb"),
    ]);
  });
});

describe("the deployment", () => {
  it("of a commit that is given short is one, however often it is brought up", async () => {
    for (let run = 0; run < 2; run++)
      await showDeployment(repository.with("workflow"), SUBJECT, up("4f2c1d9"));
    expect(repository.deployments.map(({ sha }) => sha)).toEqual([FULL]);
    expect(repository.active).toEqual([FULL]);
  });

  it("stays active where nobody knows of which commit the preview is, and ends with it", async () => {
    const gitHub = repository.with("workflow");
    await showDeployment(gitHub, SUBJECT, up(FULL));
    await showDeployment(gitHub, SUBJECT, up());
    await showDeployment(gitHub, SUBJECT, { state: "failed" });
    expect(repository.active).toEqual([FULL]);
    await showDeployment(gitHub, SUBJECT, { state: "removed" });
    expect(repository.active).toEqual([]);
  });

  it("of another commit takes its place", async () => {
    const gitHub = repository.with("workflow");
    await showDeployment(gitHub, SUBJECT, up(FULL));
    await showDeployment(gitHub, SUBJECT, up("b".repeat(40)));
    expect(repository.active).toEqual(["b".repeat(40)]);
  });
});
