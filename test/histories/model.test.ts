import { TestCloud } from "../lifecycle/support/cloud";
import { HISTORIES } from "./histories";
import { ModelPlayer } from "./model-player";
import { play } from "./play";
import { recorded } from "./record";
import { CLOUD } from "./settings";

const known = recorded();

describe("the model of the engine does what the real engine did", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start(CLOUD);
    jest.spyOn(console, "info").mockImplementation(() => undefined);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await cloud.stop();
  });

  it("has a record of every history, and of no other", () => {
    expect(HISTORIES.length).toBeGreaterThanOrEqual(20);
    expect(Object.keys(known).sort()).toEqual(HISTORIES.map(({ title }) => title).sort());
  });

  it.each(HISTORIES)("$title", async (history) => {
    const records = await play(history, new ModelPlayer(cloud.account()));
    // As in a file: what is undefined is absent.
    expect(JSON.parse(JSON.stringify(records))).toEqual(known[history.title]);
  });
});
