import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

// Protected unless this says otherwise: a destroy fails in its preview.
const deletionProtection = config.getBoolean("protectData") ?? true;

// Files that outlive every VM. The setup runs once, when the workspace is made, and never again over live data:
// a later edit of it changes nothing in the cloud.
const template = new mags.Workspace("template", {
  setup: `
mkdir -p ~/project
echo '# A new project' > ~/project/README.md
`,
  deletionProtection,
});

// Forks start with the files of their base. What changes in one stays in it.
const projects = ["search", "billing"].map(
  (project) =>
    new mags.Workspace(project, {
      baseWorkspaceId: template.workspaceId,
      setup: `echo 'This is ${project}.' >> ~/project/README.md`,
      deletionProtection,
    }),
);

export const base = template.workspaceId;
export const forks = projects.map((project) => project.workspaceId);
