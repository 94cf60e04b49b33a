import { callScript } from "../../scripts/call";

const series = [
  { name: "ours", points: [100, 300, 1000].map((x) => ({ x, y: x / 100, low: x / 110, high: x / 90 })) },
  { name: "theirs & co", points: [1000, 100, 300].map((x) => ({ x, y: x / 50 })) },
];
const PLOT = {
  title: "Time <of> an up",
  subtitle: "at 20 ms",
  xLabel: "resources",
  yLabel: "seconds",
  series,
};

const plotOf = (plot: object) =>
  callScript<string>("../bench/plot.mjs", `return m.plotOf(${JSON.stringify(plot)});`);

/** What `pattern` takes out of a text, as numbers or texts, in order. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);

describe("a plot", () => {
  it("tells in words what it shows, with nothing left to be taken for markup", async () => {
    const svg = await plotOf(PLOT);
    expect(svg).toContain(`<title id="title">Time &lt;of&gt; an up</title>`);
    expect(svg).toContain(
      `<desc id="desc">seconds by resources. at 20 ms. ours: 1 at 100, 3 at 300, 10 at 1,000. ` +
        `theirs &amp; co: 2 at 100, 6 at 300, 20 at 1,000.</desc>`,
    );
    expect(svg).toContain("<title>ours, 300: 3 (2.73 to 3.33)</title>");
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|href|url\(/);
  });

  it("draws each line from the left to the right, whatever the order of its points", async () => {
    const svg = await plotOf(PLOT);
    for (const path of all(svg, /class="line" d="M([^"]+)"/g)) {
      const across = (path ?? "").split("L").map((spot) => Number(spot.split(" ")[0]));
      expect(across).toEqual([...across].sort((a, b) => a - b));
      expect(across).toHaveLength(3);
    }
  });

  it("has a band where there is a spread, and a height that is the value's", async () => {
    const svg = await plotOf(PLOT);
    const [ours = "", theirs = ""] = all(svg, /class="line" d="M([^"]+)"/g).reverse();
    const zero = Number(/class="axis" d="M[\d.]+ ([\d.]+)/.exec(svg)?.[1]);
    const heights = (path: string) => path.split("L").map((spot) => zero - Number(spot.split(" ")[1]));
    const [first = 0, second = 0, third = 0] = heights(ours);
    expect([second / first, third / first]).toEqual([expect.closeTo(3, 0), expect.closeTo(10, 0)]);
    expect((heights(theirs)[2] ?? 0) / third).toBeCloseTo(2, 1);
    const bands = all(svg, /class="band c\d" d="M([^"]+)z"/g).map((path) => new Set((path ?? "").split("L")));
    expect(bands.map(({ size }) => size)).toEqual([6, 3]);
  });

  it("refuses what cannot be drawn", async () => {
    await expect(plotOf({ ...PLOT, series: [] })).rejects.toThrow("each series needs a point");
    await expect(plotOf({ ...PLOT, series: [{ name: "none", points: [] }] })).rejects.toThrow(
      "each series needs a point",
    );
    const many = Array.from({ length: 13 }, (_, index) => ({ ...series[0], name: String(index) }));
    await expect(plotOf({ ...PLOT, series: many })).rejects.toThrow("at most 12");
    const zero = [{ name: "zero", points: [{ x: 1, y: 0 }] }];
    await expect(plotOf({ ...PLOT, scale: "log", series: zero })).rejects.toThrow("no place for 0");
    expect(await plotOf({ ...PLOT, series: zero })).not.toMatch(/NaN|Infinity/);
    const one = [{ name: "one", points: [{ x: 1, y: 1 }] }];
    expect(await plotOf({ ...PLOT, scale: "log", series: one })).not.toMatch(/NaN|Infinity/);
  });
});

describe("an axis", () => {
  const ticks = (how: string) => callScript<number[]>("../bench/plot/scales.mjs", `return m.${how}.ticks;`);

  it("has round ticks from zero to above the highest value", async () => {
    expect(await ticks("linearScale([23.9], [0, 100], 6)")).toEqual([0, 5, 10, 15, 20, 25]);
    expect(await ticks("linearScale([1000], [0, 100], 10)")).toHaveLength(11);
    expect(await ticks("linearScale([0.3], [0, 100], 6)")).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
    expect(await ticks("linearScale([0], [0, 100], 5)")).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it("has decades where they are enough, and else steps within them", async () => {
    expect(await ticks("logScale([1, 1000], [0, 100], 0)")).toEqual([1, 10, 100, 1000]);
    expect(await ticks("logScale([100, 10000], [0, 100], 0)")).toEqual([100, 300, 1000, 3000, 10000]);
    expect(await ticks("logScale([2, 30], [0, 100], 0.1)")).toEqual([2, 5, 10, 20]);
  });

  it("puts equal factors at equal distances", async () => {
    const places = await callScript<number[]>(
      "../bench/plot/scales.mjs",
      "const { at } = m.logScale([1, 100], [0, 100], 0); return [1, 10, 100].map(at);",
    );
    expect(places).toEqual([0, 50, 100]);
  });
});

describe("labels", () => {
  const spread = (wanted: number[], ends: [number, number] = [0, 100]) =>
    callScript<number[]>(
      "../bench/plot/labels.mjs",
      `return m.spreadOut(${JSON.stringify(wanted)}, 10, ${JSON.stringify(ends)});`,
    );

  it("stay where they are if they do not touch", async () => {
    expect(await spread([50, 20, 70])).toEqual([50, 20, 70]);
  });

  it("move apart by as little as can be, in their order", async () => {
    expect(await spread([50, 50])).toEqual([45, 55]);
    expect(await spread([52, 50, 51])).toEqual([61, 41, 51]);
    // The two that touch reach the third, which then moves along.
    expect(await spread([50, 50, 58])).toEqual([42.666666666666664, 52.666666666666664, 62.666666666666664]);
  });

  it("stay between the ends while there is room", async () => {
    expect(await spread([99, 100, 100])).toEqual([80, 90, 100]);
    expect(await spread([0, 1])).toEqual([0, 10]);
  });

  it("lie beside the end of a line where nothing else is", async () => {
    const place = (lines: number[][][], boxes: object[] = []) =>
      callScript<{ across: number; down: number; anchor: string }>(
        "../bench/plot/labels.mjs",
        `return m.placeBeside([50, 50], { width: 30, height: 10, gap: 5 }, {
           area: { left: 0, right: 100, top: 0, bottom: 100 },
           lines: ${JSON.stringify(lines)},
           boxes: ${JSON.stringify(boxes)},
         });`,
      );
    const own = [
      [0, 60],
      [50, 50],
    ];
    expect(await place([own])).toMatchObject({ across: 55, down: 50, anchor: "start" });
    const flat = [
      [0, 50],
      [100, 50],
    ];
    expect(await place([own, flat])).toMatchObject({ across: 55, down: 40, anchor: "start" });
    const right = { left: 51, right: 100, top: 0, bottom: 100 };
    expect(await place([own], [right])).toMatchObject({ across: 45, down: 40, anchor: "end" });
    const everything = { left: 0, right: 100, top: 0, bottom: 100 };
    expect(await place([own], [everything])).toMatchObject({ across: 55, down: 50, anchor: "start" });
  });
});

it("has colours that can be read on both grounds", async () => {
  const { colours, ground } = await callScript<{ colours: string[][]; ground: string[] }>(
    "../bench/plot/look.mjs",
    "return { colours: [...m.COLOURS, m.GROUNDS.text, m.GROUNDS.muted], ground: m.GROUNDS.ground };",
  );
  for (const pair of colours) {
    for (const which of [0, 1]) {
      expect([pair[which], contrast(pair[which] ?? "", ground[which] ?? "") >= 4.5]).toEqual([
        pair[which],
        true,
      ]);
    }
  }
});

/** The contrast of two colours as WCAG defines it. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
