import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";
import { SHARED, membersOf } from "./fleet";

const stack = pulumi.getStack();
const deletionProtection = new pulumi.Config().getBoolean("protectData") ?? true;

/** Made once, with a life of its own: what every sandbox starts from. */
function shared() {
  const tools = new mags.Workspace("tools", {
    setup: "echo 'alias ll=\"ls -l\"' > ~/.profile",
    deletionProtection,
  });
  return { base: tools.workspaceId };
}

/** One slice of the fleet. The base comes from the state of the other stack: nothing has to be copied by hand. */
async function slice() {
  const { team, members } = membersOf(stack);
  const organization = pulumi.getOrganization();
  const other = new pulumi.StackReference(`${organization}/${pulumi.getProject()}/${SHARED}`);
  const { value: baseWorkspaceId } = await other.getOutputDetails("base");
  if (typeof baseWorkspaceId !== "string") {
    throw new pulumi.RunError(
      `The stack "${SHARED}" has no base workspace to start from. Bring it up first, also to change or remove "${stack}".`,
    );
  }
  const boxes = members.map(
    (name) => new mags.Sandbox(name, { baseWorkspaceId, environment: { TEAM: team }, deletionProtection }),
  );
  return { names: boxes.map((box) => box.name) };
}

module.exports = stack === SHARED ? shared() : slice();
