import { goTool } from "./go-tool";

/** The checker of workflow files, or why there is none. */
export function actionlint(): { program: string } | { missing: string } {
  return goTool({
    name: "actionlint",
    version: "1.7.12",
    module: "scripts/actionlint",
    source: "github.com/rhysd/actionlint/cmd/actionlint",
  });
}
