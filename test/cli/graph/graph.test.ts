import { Construct } from "constructs";
import * as fc from "fast-check";
import { freeCourse, runsBehind } from "../../../cli/graph/course";
import { aboutOf, layoutOf, type Layout } from "../../../cli/graph/layout";
import { isGroup, itemsOf, type Member } from "../../../cli/graph/model";
import { pack } from "../../../cli/graph/pack";
import type { Box } from "../../../cli/graph/route";
import { svgOf } from "../../../cli/graph/svg";
import { cutToFit, widthOf, wrap } from "../../../cli/graph/text";
import {
  AlwaysOnService,
  Annotations,
  App,
  CronSuite,
  Job,
  Sandbox,
  Schedule,
  Stack,
  UrlAlias,
  Workspace,
} from "../../../constructs";
import { largeApp, modelOfApp, smallApp } from "./apps";

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const isInside = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 0.01 &&
  inner.y + inner.height <= outer.y + outer.height + 0.01;

function expectTidy({ items, groups, lines, width, height }: Layout): void {
  const page = { x: 0, y: 0, width, height };
  for (const box of [...items, ...groups]) expect(isInside(box, page)).toBe(true);
  for (const [index, item] of items.entries()) {
    for (const other of items.slice(index + 1)) expect(overlap(item, other)).toBe(false);
  }
  const holds = (member: Member, path: string): boolean =>
    member.path === path || (isGroup(member) && member.members.some((inner) => holds(inner, path)));
  for (const box of groups) {
    for (const item of items) {
      const belongs = holds(box.group, item.item.path);
      expect(belongs ? isInside(item, box) : !overlap(item, box)).toBe(true);
    }
  }
  for (const { points } of lines) expect(points.length).toBeGreaterThanOrEqual(2);
}

describe.each([
  ["a small app", smallApp],
  ["a large app", largeApp],
])("the picture of %s", (_name, app) => {
  it("has everything in its place, and nothing on top of something else", () => {
    expectTidy(layoutOf(modelOfApp(app())));
  });

  it("is of a shape that fits a screen", () => {
    const { width, height } = layoutOf(modelOfApp(app()));
    expect(width / height).toBeGreaterThan(0.8);
    expect(width / height).toBeLessThan(2.6);
  });

  it("is the same every time", () => {
    expect(svgOf(modelOfApp(app()))).toBe(svgOf(modelOfApp(app())));
  });
});

describe("what a picture shows", () => {
  it("every resource, under the path that the manifest has", () => {
    for (const app of [smallApp(), largeApp()]) {
      const paths = itemsOf(modelOfApp(app).root).map(({ path }) => path);
      expect(paths.sort()).toEqual(Object.keys(app.plan().manifest.resources));
    }
  });

  it("does not depend on the order of construction", () => {
    const build = (ids: readonly string[]) => {
      const stack = new Stack(new App(), "s");
      for (const id of ids) new Job(stack, id, { workspace: new Workspace(stack, `${id}-files`) });
      return svgOf(modelOfApp(App.of(stack)));
    };
    expect(build(["a", "b", "c"])).toBe(build(["c", "a", "b"]));
  });

  it("has numbers in ids in the order of their values", () => {
    const stack = new Stack(new App(), "s");
    for (const id of ["j-10", "j-9", "j-2b", "j-2", "j", "k-1"]) new Job(stack, id);
    const titles = itemsOf(modelOfApp(App.of(stack)).root).map(({ title }) => title);
    expect(titles).toEqual(["j", "j-2", "j-2b", "j-9", "j-10", "k-1"]);
  });

  it("mentions what very many refer to, instead of drawing a line from each", () => {
    const build = (users: number) => {
      const stack = new Stack(new App(), "s");
      const base = new Workspace(stack, "base");
      for (let i = 0; i < users; i++) base.fork(`fork-${i}`);
      return modelOfApp(App.of(stack));
    };
    expect(build(8)).toMatchObject({ references: 8, lines: { length: 8 } });
    const many = build(9);
    expect(many).toMatchObject({ references: 9, lines: { length: 0 } });
    const texts = layoutOf(many).items.map(({ texts }) => texts.join(" ").replaceAll("\u00a0", " "));
    expect(texts[0]).toBe("Workspace · used by 9");
    expect(texts[1]).toBe("Workspace · fork of base");
  });

  it("shows what waits for a construct as a line to its frame", () => {
    const { lines } = modelOfApp(smallApp());
    const waits = lines.filter(({ isWait }) => isWait);
    expect(new Set(waits.map(({ to }) => to))).toEqual(new Set(["shop"]));
    expect(svgOf(modelOfApp(smallApp()))).toContain('class="line wait"');
  });

  it("says for those who do not see it what it shows", () => {
    const svg = svgOf(modelOfApp(smallApp()));
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="mags-title mags-description">/);
    expect(svg).toContain('<title id="mags-title">Mags resources: ops/reports, shop</title>');
    expect(svg).toContain(
      '<desc id="mags-description">2 CronJob, 4 Workspace, 2 Job, 2 UrlAlias; 7 references.\n',
    );
    expect(svg).toMatch(/shop: [^<]*staging \(Job\)/);
    expect(svg).toContain("Warning: is &lt;watched&gt; &amp; guarded");
  });

  it("has every warning: of a plan, of a resource, and of what has several in it", () => {
    const app = new App();
    const stack = new Stack(app, "s");
    new UrlAlias(stack, "nowhere", { target: new Workspace(stack, "files") });
    const suite = new CronSuite(stack, "suite", {
      schedules: { only: { schedule: Schedule.daily(), script: "date" } },
    });
    Annotations.of(suite).addWarning("of the suite");
    Annotations.of(suite.cronJob("only").resource).addWarning("of its resource");
    Annotations.of(stack).addWarning("of the stack");
    const svg = svgOf(modelOfApp(app));
    const titles = (svg.match(/<title>[^<]*Warning: [^<]*/g) ?? []).map((title) => title.split("\n"));
    expect(
      titles.map(([first, ...rest]) => [first, rest.filter((line) => line.startsWith("Warning"))]),
    ).toEqual([
      ["<title>s (Stack)", ["Warning: of the stack"]],
      ["<title>s/nowhere", [expect.stringContaining("no job of this app runs")]],
      ["<title>s/suite/only", ["Warning: of the suite", "Warning: of its resource"]],
    ]);
    // One for each, and one in the legend.
    expect(svg.match(/class="warning"/g)).toHaveLength(4);
    expect(svg).toMatch(/s, has a warning: [^<]*nowhere \(UrlAlias, has a warning\)/);
  });

  it("is text of its own: nothing is loaded, run or left open", () => {
    const svg = svgOf(modelOfApp(largeApp()));
    expect(svg).not.toMatch(/<script|<image|<foreignObject|@import|url\((?!#mags-end)/);
    expect(
      (svg.match(/https?:\/\/[^"\s]+/g) ?? []).filter((url) => url !== "http://www.w3.org/2000/svg"),
    ).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("an app without resources is a picture too", () => {
    const app = new App();
    new Stack(app, "empty");
    expect(svgOf(modelOfApp(app))).toContain("Mags resources: none");
  });

  it("ids of any text stand in it as text", () => {
    const stack = new Stack(new App(), `<b>&"'`);
    new Job(stack, "名前".repeat(40));
    const svg = svgOf(modelOfApp(App.of(stack)));
    expect(svg).toContain("&lt;b&gt;&amp;&quot;");
    expect(svg).not.toContain("<b>");
    expect(svg).toMatch(/[名前]…<\/text>/);
  });
});

describe("laws of packing", () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 500 }),
    height: fc.integer({ min: 1, max: 500 }),
  });

  it("nothing overlaps, and everything is within the whole", () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), fc.integer({ min: 0, max: 20 }), (sizes, gap) => {
        const { places, width, height } = pack(sizes, gap);
        const boxes = sizes.map((box, index) => ({ ...box, ...places[index]! }));
        for (const [index, box] of boxes.entries()) {
          expect(isInside(box, { x: 0, y: 0, width, height })).toBe(true);
          for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
        }
      }),
    );
  });

  it("boxes of one size stay in their order, in a block", () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 60 }), (box, count) => {
        const { places } = pack(
          Array.from({ length: count }, () => box),
          10,
        );
        const order = places.map(({ x, y }) => y * 1e6 + x);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});

describe("laws of texts", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 80 });

  it("what fits is left as it is, all else is cut to fit", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 30, max: 400 }), (given, width) => {
        const shown = cutToFit(given, width, 12);
        if (widthOf(given, 12) <= width) expect(shown).toBe(given);
        else {
          expect(shown.endsWith("…")).toBe(true);
          expect(given.startsWith(shown.slice(0, -1))).toBe(true);
          expect(widthOf(shown, 12)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it("wrapped lines fit, are no more than allowed, and lose no word before the last line", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 90, max: 300 }), (given, width) => {
        const lines = wrap(given.join(" "), width, 11, 3);
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines) expect(widthOf(line, 11)).toBeLessThanOrEqual(width);
        const whole = lines.join(" ");
        if (!whole.endsWith("…")) expect(whole).toBe(given.join(" "));
      }),
    );
  });
});

describe("a line into a group", () => {
  const picture = () => {
    const stack = new Stack(new App(), "shop");
    const ml = new Construct(stack, "ml");
    const data = new Workspace(ml, "data");
    const copy = data.fork("copy");
    const train = copy.addJob("job", { baseWorkspaceId: data.workspaceId });
    const service = new AlwaysOnService(stack, "site", { script: "serve" });
    new Job(stack, "client", { environment: { API: service.url, TRAINER: train.name } });
    return layoutOf(modelOfApp(App.of(stack)));
  };

  it("goes past what stands before its end", () => {
    const { items, lines } = picture();
    const behind = lines.flatMap(({ line, ...course }) =>
      items
        .filter(({ item }) => item.path !== line.from && item.path !== line.to)
        .filter((box) => runsBehind(course, box))
        .map(({ item }) => `${line.from} to ${line.to} behind ${item.path}`),
    );
    expect(lines.map(({ line }) => `${line.from} to ${line.to}`)).toContain(
      "shop/client to shop/ml/data/copy/job",
    );
    expect(behind).toEqual([]);
  });

  it("goes straight where nothing is in its way, also where no way is free", () => {
    const box = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
    expect(freeCourse(box(0, 0), box(100, 0), [box(50, 50)]).points).toHaveLength(2);
    const wall = { x: 40, y: -1000, width: 10, height: 2000 };
    expect(freeCourse(box(0, 0), box(100, 0), [wall]).points).toHaveLength(2);
    expect(freeCourse(box(0, 0), box(100, 0), [box(50, 0)]).points).toHaveLength(3);
  });
});

it("a part that is called what it is says so once", () => {
  const stack = new Stack(new App(), "s");
  new Sandbox(stack, "ada", { noSleep: true });
  const items = itemsOf(modelOfApp(App.of(stack)).root);
  expect(items.map((item) => `${item.title}: ${aboutOf(item)}`.replaceAll("\u00a0", " "))).toEqual([
    "Job: no sleep",
    "Workspace: Workspace",
  ]);
});
