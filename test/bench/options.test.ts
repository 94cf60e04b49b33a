import { callScript } from "../scripts/call";

/** What the command line means, or what is said against it. */
function parse(...args: string[]): Promise<Record<string, unknown> | string> {
  return callScript(
    "../bench/options.mjs",
    `try { return m.parseOptions(${JSON.stringify(args)}); } catch (error) { return error.message; }`,
  );
}

describe("the options of npm run bench", () => {
  it("are a full measurement by default, and 100 resources for a look", async () => {
    expect(await parse()).toMatchObject({ sizes: [100, 300, 1000], latencies: [0, 20], growth: [] });
    expect(await parse("--quick")).toMatchObject({ sizes: [100], latencies: [20], quick: true });
    expect(await parse("--growth")).toMatchObject({ growth: [1000, 3000, 10_000] });
  });

  it("pick sizes in order, latencies and contestants", async () => {
    expect(
      await parse("--sizes", "30,3,3", "--latencies", "0", "--only", "floor,resources", "--rounds", "2"),
    ).toMatchObject({ sizes: [3, 30], latencies: [0], only: ["floor", "resources"], rounds: 2 });
  });

  it("are refused with everything that is wrong, and the help", async () => {
    const said = await parse("--sizes", "ten", "--latencies", "-", "--only", "us", "--growth-sizes", "5");
    expect(said).toMatch(/--sizes takes whole numbers from 1 to 999999, separated by commas, not "ten"/);
    expect(said).toMatch(/--only knows resources, .*, not us\./);
    expect(said).toMatch(/--growth-sizes takes at least two sizes/);
    expect(said).toMatch(/npm run bench \[-- OPTIONS\]/);
    expect(await parse("--only", "")).toMatch(/--only knows resources, .*, not ""\./);
    expect(await parse("--fleet", "--client", "-h")).toMatchObject({ help: true });
  });

  it("that exclude each other are told apart", async () => {
    expect(await parse("--fleet", "--client")).toMatch(/exclude each other/);
    expect(await parse("--plot", "x.json", "--quick")).toMatch(/--plot measures nothing/);
    expect(await parse("--nope")).toMatch(/Unknown option '--nope'/);
  });
});
