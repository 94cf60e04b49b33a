import { ByDeploy } from "./deploy.mjs";
import { PlainDynamic } from "./dynamic.mjs";
import { Floor } from "./floor.mjs";
import { ByResources } from "./resources.mjs";
import { TerraformContestant } from "./terraform.mjs";

/**
 * @typedef {import("./measured-run.mjs").Operation} Operation
 *
 * The same jobs made in one way, on an emulator of its own.
 * @typedef {object} Contestant
 * @property {() => Promise<void>} init Everything that a user does once.
 * @property {() => Promise<Operation>} firstUp
 * @property {() => Promise<Operation>} unchanged
 * @property {() => Promise<Operation>} changeOne
 * @property {() => Promise<Operation>} refresh
 * @property {() => Promise<Operation>} destroy
 * @property {() => Promise<number>} stateBytes The whole state as compact JSON.
 * @property {() => void | Promise<void>} remove Its own folders.
 *
 * @typedef {object} Entry
 * @property {string} id As `--only` takes it.
 * @property {string} title As the table shows it.
 * @property {new (options: import("./pulumi.mjs").ContestantOptions) => Contestant} Contestant
 * @property {boolean} calls Whether it makes jobs at all.
 * @property {boolean} skipsCheckpoints Whether it can go without writing the state after each step.
 * @property {number} [parallel] How many operations at once the tool makes by itself, where it has to be told.
 * @property {(log: import("../../scripts/lib/log.mjs").Log) => Promise<string | undefined>} [absent] Why it cannot take part here.
 */

/** Who is measured, in the order of the table. @type {readonly Entry[]} */
export const CONTESTANTS = [
  { id: "resources", title: "resources", Contestant: ByResources, calls: true, skipsCheckpoints: true },
  { id: "deploy", title: "deploy(app)", Contestant: ByDeploy, calls: true, skipsCheckpoints: true },
  { id: "floor", title: "floor", Contestant: Floor, calls: false, skipsCheckpoints: true },
  { id: "dynamic", title: "plain dynamic", Contestant: PlainDynamic, calls: true, skipsCheckpoints: true },
  {
    id: "terraform",
    title: "Terraform",
    Contestant: TerraformContestant,
    calls: true,
    skipsCheckpoints: false,
    parallel: 10,
    absent: (log) => TerraformContestant.absent(log),
  },
];
