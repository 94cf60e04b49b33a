/** What happens to the object in the cloud when its construct leaves the program, or the stack is destroyed. */
export enum RemovalPolicy {
  /** It is deleted. Of a workspace, it turns `deletionProtection` off. */
  DESTROY = "destroy",
  /** It stays, and Pulumi forgets it (`retainOnDelete`). A workspace keeps its `deletionProtection`. */
  RETAIN = "retain",
}
