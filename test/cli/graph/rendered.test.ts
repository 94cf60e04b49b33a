import { chromium, type Browser } from "playwright-core";
import { svgOf } from "../../../cli/graph/svg";
import { CHROMIUM_FLAGS, findChromium } from "../../support/chromium";
import { describeIf } from "../../support/skip";
import { largeApp, modelOfApp, smallApp } from "./apps";

const executablePath = findChromium();

/** What a browser makes of the picture. */
interface Seen {
  /** Texts that stick out of their boxes. */
  outside: string[];
  texts: number;
  /** Of every kind of text against what is behind it: how well it can be told, as WCAG measures it. */
  contrasts: number[];
}

/** Run in the page. */
const LOOK = `(() => {
  const outside = [...document.querySelectorAll(".item text")].filter((text) => {
    const box = text.parentElement.querySelector("rect").getBoundingClientRect();
    const own = text.getBoundingClientRect();
    return own.left < box.left || own.right > box.right || own.top < box.top || own.bottom > box.bottom;
  });
  const luminance = (color) => {
    const parts = color.match(/\\d+(\\.\\d+)?/g).slice(0, 3).map((text) => {
      const part = Number(text) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const page = luminance(getComputedStyle(document.querySelector(".page")).fill);
  const contrast = (color) => {
    const [light, dark] = [luminance(color), page].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const colors = new Set([
    ...[...document.querySelectorAll("text")].map((text) => getComputedStyle(text).fill),
    ...[...document.querySelectorAll(".icon")].map((icon) => getComputedStyle(icon).stroke),
  ]);
  return {
    outside: outside.map((text) => text.textContent),
    texts: document.querySelectorAll(".item text").length,
    contrasts: [...colors].map(contrast),
  };
})()`;

describeIf(executablePath !== undefined, "no Chromium is on PATH")("the picture in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  }, 60_000);
  afterAll(() => browser.close());

  test.each([
    ["a small app", "light", smallApp],
    ["a small app", "dark", smallApp],
    ["a large app", "light", largeApp],
    ["a large app", "dark", largeApp],
  ] as const)("%s, %s: every text is in its box and can be read", async (_name, colorScheme, app) => {
    const context = await browser.newContext({ colorScheme });
    try {
      const page = await context.newPage();
      await page.setContent(svgOf(modelOfApp(app())));
      const { outside, texts, contrasts } = await page.evaluate<Seen>(LOOK);
      expect(texts).toBeGreaterThan(10);
      expect(outside).toEqual([]);
      expect(contrasts.length).toBeGreaterThan(4);
      expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
    } finally {
      await context.close();
    }
  });

  test("it has two looks", async () => {
    const fills = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      await page.setContent(svgOf(modelOfApp(smallApp())));
      fills.push(await page.evaluate<string>(`getComputedStyle(document.querySelector(".page")).fill`));
      await context.close();
    }
    expect(fills).toEqual(["rgb(255, 255, 255)", "rgb(15, 20, 26)"]);
  });
});
