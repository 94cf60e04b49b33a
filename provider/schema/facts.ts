/**
 * What is known of a resource without being one of its inputs, and is either true or not said at all: whether its name
 * was generated, whether it is a job without a workspace, whether the workspace record under a job's name is ours to
 * remove, and whether it was there before us.
 */
export const FACTS = ["generatedName", "localDisk", "ownsRecord", "adopted"] as const;
