/** Status values of a job that has, or will have, a VM (documented); all others mean that it ended. */
const ACTIVE = new Set(["pending", "running", "sleeping"]);

export function isActive(job: { status: string }): boolean {
  return ACTIVE.has(job.status);
}
