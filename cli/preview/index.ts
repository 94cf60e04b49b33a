import type { Command } from "commander";
import { command } from "../lib/command";
import type { CommentFlags } from "./comment";
import type { DownFlags } from "./down";
import type { ListFlags } from "./list";
import type { SweepFlags } from "./sweep";
import type { UpFlags } from "./up";

/** The command `mags-iac preview`. What carries it out is loaded when it is asked for. */
export function previewCommand(): Command {
  return command("preview")
    .description("Give each pull request a running copy of its own, and remove it again.")
    .addCommand(upCommand())
    .addCommand(downCommand())
    .addCommand(listCommand())
    .addCommand(sweepCommand())
    .addCommand(commentCommand())
    .addHelpText(
      "after",
      `${examples(
        "mags-iac preview up --pr 12      # and again on every push",
        "mags-iac preview down --pr 12    # when it is closed",
        "mags-iac preview sweep           # at night: what is over, or was left",
      )}

Each has its own examples: mags-iac preview up --help`,
    );
}

function upCommand(): Command {
  return locked(placed(sub("up", "Bring the preview of a pull request up, or up to date.")))
    .requiredOption("--pr <number>", "the pull request")
    .option("--sha <commit>", "the commit that it is of (default: that of the program's folder)")
    .option("--ttl <time>", "how long it lives after this push", "72h")
    .option("--max-ttl <time>", "how long it lives at most, however often it is pushed to", "30d")
    .option("--url-output <name>", "the program's output with the URL", "url")
    .option("--path <path>", "the page that has to answer (default: the URL itself)")
    .option("--wait <time>", "how long the URL has to answer", "3m")
    .option("--no-wait", "do not wait for the URL")
    .option("--seed <command>", "run this command, with MAGS_PREVIEW_URL, once after it was first made")
    .option("--empty-passphrase", "PULUMI_CONFIG_PASSPHRASE is empty on purpose: nothing is to be secret")
    .option("--comment", "write the comment and the deployment on GitHub too")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      examples(
        "mags-iac preview up --pr 12",
        "mags-iac preview up --pr 12 --sha 4f2c1d9 --program infra --ttl 24h --comment",
      ),
    )
    .action((flags: UpFlags) => (require("./up") as typeof import("./up")).up(flags));
}

function downCommand(): Command {
  return locked(placed(sub("down", "Remove the preview of a pull request, whatever is left of it.")))
    .requiredOption("--pr <number>", "the pull request")
    .option("--comment", "say so in the comment, and end the deployment on GitHub")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `${examples(
        "mags-iac preview down --pr 12",
        "mags-iac preview down --pr 12 --project shop --namespace acme/shop",
      )}

It needs no program: give --project where there is none any more. It ends well only if the cloud
shows nothing of it.`,
    )
    .action((flags: DownFlags) => (require("./down") as typeof import("./down")).down(flags));
}

function listCommand(): Command {
  return placed(sub("list", "List the previews of this repository and project."))
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `${examples("mags-iac preview list", "mags-iac preview list --json")}

Ends with 1 if the state of some stack could not be read; the others are listed all the same.`,
    )
    .action((flags: ListFlags) => (require("./list") as typeof import("./list")).list(flags));
}

function sweepCommand(): Command {
  return locked(
    placed(sub("sweep", "Remove every preview whose pull request is closed or whose time is over.")),
  )
    .option("--dry-run", "only say what would be removed")
    .option("--max <number>", "how many to remove at most", "50")
    .option("--open <numbers>", "the open pull requests, such as 3,12, or none, instead of asking GitHub")
    .option("--orphans", "also remove what no stack knows of, if its pull request is closed")
    .option("--comment", "say so in the comments, and end the deployments on GitHub")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `${examples("mags-iac preview sweep --dry-run", "mags-iac preview sweep --max 20 --unlock-after 6h")}

Ends with 1 if something failed, and with 2 if something is left: by --dry-run, by --max, or since
no stack knows of it.`,
    )
    .action((flags: SweepFlags) => (require("./sweep") as typeof import("./sweep")).sweep(flags));
}

function commentCommand(): Command {
  return placed(
    sub("comment", "Say on the pull request how its preview stands: one comment, kept up to date."),
  )
    .requiredOption("--pr <number>", "the pull request")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `${examples("mags-iac preview comment --pr 12")}

With GITHUB_TOKEN or GH_TOKEN, and GITHUB_API_URL for a GitHub of your own.`,
    )
    .action((flags: CommentFlags) => (require("./comment") as typeof import("./comment")).comment(flags));
}

function sub(name: string, description: string): Command {
  return command(`preview ${name}`).name(name).description(description);
}

/** What says whose previews are meant. */
function placed(target: Command): Command {
  return target
    .option("--program <folder>", "the folder of the Pulumi program", ".")
    .option("--project <name>", "the project's name (default: that of the program)")
    .option("--template <file>", "stack file to copy the configuration from (default: Pulumi.preview.yaml)")
    .option("--namespace <text>", "what tells these pull requests from all others (default: the repository)")
    .option("--repository <owner/name>", "the repository on GitHub (default: GITHUB_REPOSITORY)");
}

/** What is to be done about a lock. */
function locked(target: Command): Command {
  return target
    .option("--force-unlock", "break a lock, whoever holds it: nothing else must be running")
    .option("--unlock-after <time>", "break a lock that is older than this, such as 6h");
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
