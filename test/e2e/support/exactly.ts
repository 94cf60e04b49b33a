import type { Harness } from "./harness";

/** The state and the cloud hold the same objects: none is missing, none is doubled, none is an orphan. */
export async function expectExactlyDeclared(the: Harness): Promise<void> {
  const resources = await the.project.resources();
  const ids = (kind: string) =>
    resources
      .filter(({ type }) => type.endsWith(`mags:${kind}`))
      .map(({ id }) => id)
      .sort();
  const cloud = the.emulator.snapshot();
  const active = cloud.jobs.filter((one) => ["pending", "running", "sleeping"].includes(one.status));
  expect(active.map((one) => one.name).sort()).toEqual(ids("Job"));
  expect(cloud.workspaces.map((one) => one.workspaceId).sort()).toEqual(ids("Workspace"));
  expect(cloud.aliases.map((one) => `${one.subdomain}.${one.domain}`).sort()).toEqual(ids("UrlAlias"));
  expect(cloud.crons.map((one) => one.id).sort()).toEqual(ids("CronJob"));
}
