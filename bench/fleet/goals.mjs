import { memoryOf } from "../report/fleet-table.mjs";
import { absent, result } from "../report/results.mjs";
import { pairwise, spreadOf } from "../report/statistics.mjs";
import { FIRST_UP, FIRST_UP_BARE, NO_OP_UP, REFRESH } from "./phases.mjs";
import { sumOf } from "./records.mjs";

/** @typedef {import("./records.mjs").FleetRecord} FleetRecord */
/** @typedef {import("../report/results.mjs").Result} Result */

/** @typedef {[phase: import("./phases.mjs").Phase, contestant: string, latency?: number]} Needed */

/** What jobs of the programs hold of the user's own, in the state. */
const OWN_BYTES = Buffer.byteLength(
  JSON.stringify({ environment: { STAGE: "bench" }, startupCommand: "echo 0" }),
);

/**
 * Every goal that a fleet of one size has to meet, with what was measured.
 * @param {import("./records.mjs").FleetRecords} records
 * @param {object} options
 * @param {number} options.resources
 * @param {number} options.latency Milliseconds per call, of what is compared.
 * @param {readonly number[]} options.refreshAt Latencies at which refreshes were measured besides.
 * @param {readonly { id: string, absent: string }[]} options.absent Who could not take part, or not to the end, and why.
 * @returns {Result[]}
 */
export function goalResults(records, { resources, latency, refreshAt, absent: missing }) {
  const at = `${resources} at ${latency} ms`;
  const find = (
    /** @type {import("./phases.mjs").Phase} */ phase,
    /** @type {string} */ contestant,
    of = latency,
  ) => records.find({ resources, latency: of, phase: phase.id, contestant });
  /**
   * @param {string} name
   * @param {readonly Needed[]} needed What has to be there to judge by.
   * @param {() => Result} judge
   */
  const judged = (name, needed, judge) => {
    const lacking = needed.filter(([phase, id, of]) => find(phase, id, of) === undefined).map(([, id]) => id);
    if (lacking.length === 0) return judge();
    const reasons = missing.filter(({ id }) => lacking.includes(id)).map((one) => one.absent);
    return absent(
      name,
      reasons.length > 0 ? reasons.join("; ") : `without ${[...new Set(lacking)].join(" and ")}`,
    );
  };
  /**
   * Times of two side by side.
   * @param {string} name
   * @param {[import("./phases.mjs").Phase, string]} mine
   * @param {[import("./phases.mjs").Phase, string]} other
   * @param {number} goal
   */
  const ratio = (name, [phase, ours], [otherPhase, theirs], goal) =>
    judged(
      name,
      [
        [phase, ours],
        [otherPhase, theirs],
      ],
      () => {
        const [own, beside] = [find(phase, ours), find(otherPhase, theirs)].map(timesOf);
        const [mine, their] = [own, beside].map(seconds);
        const times = pairwise([own, beside], (one, another) => one / another);
        return result(name, times, "times", goal, `${at}: ${mine} against ${their}`);
      },
    );
  /**
   * A refresh, without what the engine needs by itself.
   * @param {number} of
   * @param {number} goal
   */
  const aboveFloor = (of, goal) => {
    const name = `Refresh above the floor, against plain dynamic, at ${of} ms`;
    /** @type {Needed[]} */
    const needed = [
      [REFRESH, "resources", of],
      [REFRESH, "floor", of],
      [REFRESH, "dynamic", of],
    ];
    return judged(name, needed, () => {
      const lists = needed.map(([phase, id]) => timesOf(find(phase, id, of)));
      const [, least, most] = lists.map((list) => spreadOf(list).median);
      // What is left of small fleets is the noise of the machine.
      if (!(most > least * 1.1))
        return absent(name, `${resources} are too few: plain dynamic is at the floor`);
      const times = pairwise(lists, (mine, floor, their) => (mine - floor) / (their - floor));
      const [mine, floor, their] = lists.map(seconds);
      return result(name, times, "times", goal, `${resources}: ${mine} and ${their}, floor ${floor}`);
    });
  };
  /**
   * @param {string} title
   * @param {string} contestant
   */
  const fewerCalls = (title, contestant) => {
    const name = `Calls of a refresh of ${title}, against ours`;
    /** @type {Needed[]} */
    const needed = [
      [REFRESH, "resources"],
      [REFRESH, contestant],
    ];
    return judged(name, needed, () => {
      const [mine, their] = ["resources", contestant].map((id) => sumOf(find(REFRESH, id)?.calls ?? {}));
      return result(
        name,
        their / Math.max(1, mine),
        "times",
        40,
        `${at}: ${their} against ${mine}`,
        "at least",
      );
    });
  };
  const beside = (/** @type {string} */ id) => /** @type {[typeof NO_OP_UP, string]} */ ([NO_OP_UP, id]);
  return [
    ratio("No-op up by resources, against the floor", beside("resources"), beside("floor"), 1.1),
    ratio("No-op up by deploy(app), against the floor", beside("deploy"), beside("floor"), 0.8),
    ...["resources", "deploy"].flatMap((ours) =>
      ["dynamic", "terraform"].map((theirs) =>
        ratio(`No-op up by ${WORDS[ours]}, against ${WORDS[theirs]}`, beside(ours), beside(theirs), 1),
      ),
    ),
    judged("Calls of a no-op up", [[NO_OP_UP, "resources"]], () => {
      const calls = sumOf(find(NO_OP_UP, "resources")?.calls ?? {});
      return result("Calls of a no-op up", calls, "calls", 0, at);
    }),
    aboveFloor(latency, 1 / 3),
    ...refreshAt.map((of) => aboveFloor(of, 1 / 5)),
    judged("Calls of a refresh", [[REFRESH, "resources"]], () => {
      const calls = sumOf(find(REFRESH, "resources")?.calls ?? {});
      return result(
        "Calls of a refresh",
        calls,
        "calls",
        Math.ceil(resources / 50) + 4,
        `${at}, 50 per page`,
      );
    }),
    fewerCalls(WORDS.dynamic, "dynamic"),
    fewerCalls(WORDS.terraform, "terraform"),
    ratio("Refresh, against Terraform", [REFRESH, "resources"], [REFRESH, "terraform"], 1),
    ratio(
      "First up without checkpoints, against Terraform",
      [FIRST_UP_BARE, "resources"],
      [FIRST_UP, "terraform"],
      0.5,
    ),
    stateResult(records, resources),
    memoryResult(records, resources),
  ];
}

/** @type {Record<string, string>} */
const WORDS = {
  resources: "resources",
  deploy: "deploy(app)",
  dynamic: "plain dynamic",
  terraform: "Terraform",
};

/**
 * @param {import("./records.mjs").FleetRecords} records
 * @param {number} resources
 */
function stateResult(records, resources) {
  const name = "State per resource above the floor";
  const [mine, floor] = ["resources", "floor"].map((id) => records.stateBytes(id, resources));
  if (mine === undefined || floor === undefined) return absent(name, "ours or the floor was not measured");
  const how = `of ${resources}, without the ${OWN_BYTES} bytes of the user's own`;
  return result(name, (mine - floor) / resources - OWN_BYTES, "bytes", 1_500, how);
}

/**
 * @param {import("./records.mjs").FleetRecords} records
 * @param {number} resources
 */
function memoryResult(records, resources) {
  const name = "Memory of the provider";
  const peaks = ["resources", "deploy"].flatMap((id) => memoryOf(records, id, resources) ?? []);
  if (peaks.length === 0) return absent(name, "this system does not tell, or ours was not measured");
  const floor = memoryOf(records, "floor", resources);
  const beside = floor === undefined ? "" : `; ${(floor / 1e6).toFixed(0)} MB with empty ones`;
  return result(
    name,
    Math.max(...peaks) / 1e6,
    "MB",
    200,
    `the most of all phases, ${resources} resources${beside}`,
  );
}

/** @param {FleetRecord | undefined} record */
function timesOf(record) {
  return record?.milliseconds ?? [];
}

/** @param {readonly number[]} [milliseconds] */
function seconds(milliseconds = []) {
  return `${(spreadOf(milliseconds).median / 1000).toFixed(2)} s`;
}
