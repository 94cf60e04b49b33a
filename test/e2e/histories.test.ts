import { HISTORIES } from "../histories/histories";
import { play } from "../histories/play";
import { record, recorded, type StepRecord } from "../histories/record";
import { CLOUD } from "../histories/settings";
import { EnginePlayer } from "./support/engine-player";

jest.setTimeout(1_800_000);

/** `RECORD_HISTORIES=1` writes the record anew instead of comparing with it. */
const RECORDING = process.env.RECORD_HISTORIES === "1";
/** `HISTORIES=pattern` plays only those whose title matches. */
const CHOSEN = HISTORIES.filter(({ title }) => new RegExp(process.env.HISTORIES ?? "").test(title));
/** Histories played at a time: an engine mostly waits for its processes to start. */
const AT_A_TIME = 3;

describe("the real engine does what is recorded of it, by which the model is judged", () => {
  const played = new Map<string, StepRecord[] | Error>();

  beforeAll(async () => {
    const waiting = [...CHOSEN];
    const worker = async (): Promise<void> => {
      for (let history = waiting.shift(); history; history = waiting.shift()) {
        const player = await EnginePlayer.start(CLOUD);
        try {
          played.set(history.title, await play(history, player));
        } catch (error) {
          played.set(history.title, error instanceof Error ? error : new Error(String(error)));
        } finally {
          await player.stop();
        }
        if (RECORDING) rewrite(played);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  });

  it.each(CHOSEN)("$title", ({ title }) => {
    const records = played.get(title);
    if (records instanceof Error) throw records;
    expect(records).toEqual(recorded()[title]);
  });
});

/** In the order of the histories. What was not played keeps its record; what could not be played loses it. */
function rewrite(played: ReadonlyMap<string, StepRecord[] | Error>): void {
  const known = recorded();
  const results = HISTORIES.flatMap(({ title }) => {
    const result = played.has(title) ? played.get(title) : known[title];
    return Array.isArray(result) ? [[title, result] as const] : [];
  });
  record(Object.fromEntries(results));
}
