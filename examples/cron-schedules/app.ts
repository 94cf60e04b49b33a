import { App, CronSuite, Stack, Workspace } from "pulumi-mags/constructs";

/** What is to be there. It knows nothing of Pulumi, so that it can be planned without. */
export function schedules({ protectData = true } = {}) {
  const app = new App();
  const stack = new Stack(app, "schedules", { tags: { team: "platform" } });

  // Files that two of the schedules share.
  const reports = new Workspace(stack, "reports", {
    setup: "mkdir -p ~/reports",
    deletionProtection: protectData,
  });

  // The table is what a reviewer reads. A mistake in it is told with its line.
  const suite = new CronSuite(stack, "maintenance", {
    file: "schedules.yaml",
    workspaces: { reports },
    ownWorkspace: { deletionProtection: protectData },
    defaults: { environment: { REGION: "eu" } },
  });
  return { app, suite };
}
