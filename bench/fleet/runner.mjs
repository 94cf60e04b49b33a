import { UserError } from "../../scripts/lib/errors.mjs";
import { isEnding, owning } from "../lib/cleanup.mjs";
import { FleetEmulator } from "./emulator.mjs";
import { CHANGE_ONE, DESTROY, FIRST_UP, FIRST_UP_BARE, NO_OP_UP, REFRESH } from "./phases.mjs";

/** @typedef {import("../contestants/contestants.mjs").Entry} Entry */
/** @typedef {{ entry: Entry, emulator: FleetEmulator, contestant: import("../contestants/contestants.mjs").Contestant, failed?: boolean }} Player */

/**
 * How often each phase is run.
 * @typedef {object} Repetitions
 * @property {number} checkpoints First ups as they are by default.
 * @property {number} ups First ups without checkpoints, each but the last followed by a destroy.
 * @property {number} unchanged
 * @property {number} changes
 * @property {number} refreshes
 */

/** Runs contestants through the phases, in turns, each on an emulator of its own. */
export class FleetRunner {
  /**
   * @param {object} options
   * @param {string} options.bin The engine's folder.
   * @param {readonly Entry[]} options.entries
   * @param {import("./records.mjs").FleetRecords} options.records
   * @param {(text: string) => void} options.progress
   */
  constructor({ bin, entries, records, progress }) {
    this.bin = bin;
    this.entries = entries;
    this.records = records;
    this.progress = progress;
    /** Who failed at what; the rest of that fleet it sits out. @type {{ at: string, why: string }[]} */
    this.failures = [];
  }

  /**
   * All phases at one size and latency.
   * @param {object} cell
   * @param {number} cell.resources
   * @param {number} cell.latency Milliseconds per call.
   * @param {readonly number[]} [cell.refreshAt] Latencies to refresh at besides.
   * @param {Repetitions} repetitions
   */
  async cell({ resources, latency, refreshAt = [] }, { checkpoints, ups, unchanged, changes, refreshes }) {
    const key = { resources, latency };
    for (let round = 0; round < checkpoints; round++) await this.firstUps(key);
    await this.with(key, { checkpoints: false }, async (players) => {
      for (let round = 0; round < ups; round++) {
        if (round > 0) await this.turns(players, DESTROY, key, 1, round);
        for (const player of inTurn(players, round)) {
          await this.phase(player, player.entry.skipsCheckpoints ? FIRST_UP_BARE : FIRST_UP, key);
        }
      }
      await this.#weigh(players, resources);
      await this.turns(players, NO_OP_UP, key, unchanged);
      await this.turns(players, CHANGE_ONE, key, changes);
      for (const other of [latency, ...refreshAt]) {
        for (const { emulator } of players) await emulator.latency(other);
        await this.turns(players, REFRESH, { resources, latency: other }, refreshes);
      }
      for (const { emulator } of players) await emulator.latency(latency);
      await this.turns(players, DESTROY, key, 1);
    });
  }

  /**
   * The first up as it is by default. Nobody waits for the end of what was made: the emulator ends with it.
   * @param {{ resources: number, latency: number }} key
   */
  async firstUps(key) {
    for (const entry of this.entries.filter(({ skipsCheckpoints }) => skipsCheckpoints)) {
      await this.with(key, { checkpoints: true, entries: [entry] }, async ([player]) => {
        await this.phase(player, FIRST_UP, key);
      });
    }
  }

  /**
   * Contestants with their emulators, for the time of some work.
   * @template T
   * @param {{ resources: number, latency: number }} key
   * @param {{ checkpoints?: boolean, parallel?: number, entries?: readonly Entry[], emulator?: object }} options
   * @param {(players: [Player, ...Player[]]) => Promise<T>} work
   */
  async with({ resources, latency }, { checkpoints, parallel, entries = this.entries, emulator = {} }, work) {
    /** @type {Player[]} */
    const players = [];
    const stops = [];
    try {
      for (const entry of entries) {
        this.progress(`${entry.title}: making ready for ${resources} …`);
        const its = await FleetEmulator.start(emulator);
        stops.push(() => its.stop());
        await its.latency(latency);
        const options = {
          emulator: its,
          resources,
          checkpoints,
          parallel: parallel ?? entry.parallel,
          bin: this.bin,
        };
        const contestant = new entry.Contestant({ ...options, progress: this.progress });
        stops.push(owning(() => contestant.remove()));
        await contestant.init();
        await its.takeCalls();
        players.push({ entry, emulator: its, contestant });
      }
      return await work(/** @type {[Player, ...Player[]]} */ (players));
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  }

  /**
   * Everybody runs a phase, in turns: whoever goes first meets colder caches, so they take turns in that too.
   * @param {readonly Player[]} players
   * @param {import("./phases.mjs").Phase} phase
   * @param {{ resources: number, latency: number }} key
   * @param {number} rounds
   * @param {number} [first]
   */
  async turns(players, phase, key, rounds, first = 0) {
    for (let round = 0; round < rounds; round++) {
      for (const player of inTurn(players, first + round))
        await this.phase(player, phase, key, rounds > 1 ? `, ${round + 1} of ${rounds}` : "");
    }
  }

  /**
   * @param {Player} player
   * @param {import("./phases.mjs").Phase} phase
   * @param {{ resources: number, latency: number }} key
   * @param {string} [note]
   */
  async phase(player, phase, key, note = "") {
    const { entry, emulator, contestant } = player;
    if (player.failed) return;
    const at = `${key.resources} at ${key.latency} ms, ${phase.title}`;
    this.progress(`${at}: ${entry.title}${note} …`);
    try {
      const operation = await contestant[phase.operation]();
      if (phase.operation === "firstUp") await mustBeWhole(player, key.resources);
      const calls = await emulator.takeCalls();
      this.records.add({ ...key, phase: phase.id, contestant: entry.id }, operation, calls);
    } catch (error) {
      player.failed = true;
      this.note(`${at}: ${entry.title}`, error);
    }
  }

  /**
   * Notes a failure, so that an hour's work of the others is not lost for it; the run fails in the end.
   * @param {string} at
   * @param {unknown} error
   */
  note(at, error) {
    if (isEnding() || !(error instanceof UserError)) throw error;
    this.failures.push({ at, why: error.message });
  }

  /**
   * @param {readonly Player[]} players
   * @param {number} resources
   */
  async #weigh(players, resources) {
    for (const { entry, contestant, failed } of players) {
      if (failed || this.records.stateBytes(entry.id, resources) !== undefined) continue;
      this.records.states.push({ contestant: entry.id, resources, bytes: await contestant.stateBytes() });
    }
  }
}

/**
 * A fleet that is not whole measures something else.
 * @param {Player} player
 * @param {number} resources
 */
async function mustBeWhole({ entry, emulator }, resources) {
  if (!entry.calls) return;
  const active = await emulator.active();
  if (active !== resources)
    throw new UserError(
      `${entry.title} brought up ${active} of ${resources} jobs, so its times mean nothing.`,
    );
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {number} round
 */
function inTurn(items, round) {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
