import { spawnSync } from "node:child_process";

/** Whether this machine permits the namespaces that give each VM a loopback and a /data of its own. */
export function permitsNamespaces(): boolean {
  const flags = ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--mount-proc"];
  return spawnSync("unshare", [...flags, "true"], { stdio: "ignore", timeout: 10_000 }).status === 0;
}
