import { chromium } from "playwright-core";

import { callScript } from "../../scripts/call";
import { CHROMIUM_FLAGS, findChromium } from "../../support/chromium";
import { itIf } from "../../support/skip";

const executablePath = findChromium();

interface Box {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const line = (name: string, xs: number[], each: number) => ({
  name,
  points: xs.map((x) => ({ x, y: x * each, low: x * each * 0.9, high: x * each * 1.2 })),
});
const SIZES = [100, 300, 1000];
const FLEET = [...SIZES, 3000, 10000];
const PLOTS = {
  "lines that end close to each other": {
    series: ["deploy(app)", "resources", "empty resources", "dynamic.Resource of a program", "Terraform"].map(
      (name, index) => line(name, SIZES, 0.01 + index / 5000),
    ),
  },
  "lines that end before others, on logarithmic axes": {
    scale: "log",
    series: [
      line("resources", FLEET, 0.009),
      line("empty resources", FLEET, 0.0085),
      line("dynamic.Resource of a program", SIZES, 0.012),
      line("Terraform", SIZES, 0.0088),
    ],
  },
};

/** Where the texts of the picture are, as the browser draws them. */
const TEXTS = `[...document.querySelectorAll("svg text")].map((text) => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return { text: text.textContent, left, right, top, bottom };
})`;

itIf(executablePath !== undefined, "no Chromium is on PATH")(
  "no two texts of a plot lie on each other, and none reaches beyond it",
  async () => {
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    try {
      for (const [name, plot] of Object.entries(PLOTS)) {
        const whole = {
          title: "An up",
          subtitle: "at 20 ms",
          xLabel: "resources",
          yLabel: "seconds",
          ...plot,
        };
        const svg = await callScript<string>(
          "../bench/plot.mjs",
          `return m.plotOf(${JSON.stringify(whole)});`,
        );
        const page = await browser.newPage();
        await page.setContent(`<body style="margin: 0">${svg}`);
        const boxes = (await page.evaluate(TEXTS)) as Box[];
        expect(boxes.map(({ text }) => text)).toEqual(
          expect.arrayContaining(plot.series.map((one) => expect.stringMatching(start(one.name)))),
        );
        expect([name, boxes.filter(({ left, right }) => left < 1 || right > 859)]).toEqual([name, []]);
        expect([name, overlapping(boxes)]).toEqual([name, []]);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  },
);

/** A text that begins with a name. */
function start(name: string): RegExp {
  return new RegExp(`^${name.replace(/[.()]/g, "\\$&")}`);
}

function overlapping(boxes: Box[]): string[] {
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      // Boxes of texts have some room above and below the letters.
      .filter((other) => one.left < other.right && other.left < one.right)
      .filter((other) => one.top + 2 < other.bottom - 2 && other.top + 2 < one.bottom - 2)
      .map((other) => `${one.text} / ${other.text}`),
  );
}
