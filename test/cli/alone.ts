import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectWithCommand, type Project } from "./command";

/** A project with the command in it, for commands about an account: in no project of Pulumi, without `pulumi`. */
export interface Alone {
  project: Project;
  /** Home of the user, who has never logged in. */
  home: string;
  /** The command's compiled file. */
  main: string;
  /** An environment that says nothing of an account but what is given. */
  environment(more?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** The same, with this Node first in the path. */
  withNode(more?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  remove(): void;
}

export function alone(): Alone {
  const project = projectWithCommand();
  const home = mkdtempSync(path.join(os.tmpdir(), "mags-home-"));
  const bin = path.join(home, "bin");
  mkdirSync(bin);
  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    HOME: home,
    PATH: [bin, "/usr/bin", "/bin"].join(":"),
    MAGS_API_TOKEN: "",
    MAGS_TOKEN: "",
    MAGS_API_URL: "",
    ...more,
  });
  return {
    project,
    home,
    main: path.join(project.folder, "node_modules/pulumi-mags/dist/cli/main.js"),
    environment,
    withNode: (more) => {
      const env = environment(more);
      return { ...env, PATH: `${path.dirname(process.execPath)}:${env.PATH}` };
    },
    remove: () => {
      project.remove();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
