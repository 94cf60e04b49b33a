import { placeBeside, spreadOut } from "./plot/labels.mjs";
import { COLOURS, MARKERS, lookOf, style } from "./plot/look.mjs";
import { linearScale, logScale } from "./plot/scales.mjs";

/**
 * @typedef {object} Point
 * @property {number} x
 * @property {number} y
 * @property {number} [low] The least that was measured; with `high` it is drawn as a band.
 * @property {number} [high]
 *
 * @typedef {object} Series
 * @property {string} name
 * @property {Point[]} points
 *
 * @typedef {object} Plot
 * @property {string} title
 * @property {string} [subtitle] What else has to be known: the conditions, what the bands are.
 * @property {string} xLabel
 * @property {string} yLabel
 * @property {"linear" | "log"} [scale] Of both axes. Default: `linear`, from zero.
 * @property {Series[]} series At most twelve; from the seventh on they are dashed, in the colours of the first.
 */

const WIDTH = 860;
const HEIGHT = 460;
const SIDE = { top: 76, subtitle: 20, bottom: 62, left: 62 };
const FONT = 13;
/** An estimate: no font is at hand to be measured. */
const CHARACTER = FONT * 0.6;
/** Between the baselines of two labels. */
const LINE = 18;
/** From the last point of a line to its label. */
const GAP = 18;

/**
 * A line chart as the text of an SVG file. It has a ground of its own and follows the reader's preference for light
 * or dark; it needs no font, script or other file.
 * @param {Plot} plot
 */
export function plotOf(plot) {
  const { title, subtitle, xLabel, yLabel, series } = plot;
  const most = 2 * COLOURS.length;
  if (series.length > most) {
    throw new Error(`${series.length} lines are more than can be told apart: at most ${most}`);
  }
  if (series.length === 0 || series.some(({ points }) => points.length === 0)) {
    throw new Error("there is nothing to plot: each series needs a point");
  }
  const highest = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)));
  const toTheEnd = series.filter(({ points }) => lastOf(points).x === highest);
  const area = {
    left: SIDE.left,
    right: WIDTH - GAP - 20 - Math.max(...toTheEnd.map((one) => textWidth(labelOf(one)))),
    top: SIDE.top + (subtitle ? SIDE.subtitle : 0),
    bottom: HEIGHT - SIDE.bottom,
  };
  const { x, y } = scalesOf(plot, area);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title desc" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif" font-size="${FONT}">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="desc">${escape(describe(plot))}</desc>`,
    `<style>${style()}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8"/>`,
    `<text class="title" x="24" y="36" font-size="17" font-weight="600">${escape(title)}</text>`,
    ...(subtitle ? [`<text class="muted" x="24" y="57">${escape(subtitle)}</text>`] : []),
    ...axes({ x, y, area, xLabel, yLabel }),
    ...series.map((one, index) => band(one, index, x, y)),
    // The first line lies on top.
    ...series.map((one, index) => line(one, index, x, y)).reverse(),
    ...labels(series, x, y, area),
    `</svg>`,
  ].join("\n")}\n`;
}

/** @typedef {import("./plot/labels.mjs").Box} Area */
/** @typedef {import("./plot/scales.mjs").Scale} Scale */

/**
 * @param {Plot} plot
 * @param {Area} area
 */
function scalesOf({ series, scale = "linear" }, { left, right, top, bottom }) {
  const points = series.flatMap((one) => one.points);
  const xs = points.map((point) => point.x);
  const ys = points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]);
  return scale === "log"
    ? { x: logScale(xs, [left, right - 6], 0.04), y: logScale(ys, [bottom, top], 0.08) }
    : { x: linearScale(xs, [left, right], 10), y: linearScale(ys, [bottom, top], 6) };
}

/**
 * @param {object} parts
 * @param {Scale} parts.x
 * @param {Scale} parts.y
 * @param {Area} parts.area
 * @param {string} parts.xLabel
 * @param {string} parts.yLabel
 */
function axes({ x, y, area, xLabel, yLabel }) {
  const { left, right, top, bottom } = area;
  const middle = (left + right) / 2;
  return [
    ...y.ticks.map((tick) => {
      const at = place(y.at(tick));
      return (
        `<path class="grid" d="M${left} ${at}H${place(right)}"/>` +
        `<text class="muted" x="${left - 10}" y="${place(y.at(tick) + 4.5)}" text-anchor="end">${number(tick)}</text>`
      );
    }),
    ...x.ticks.map((tick) => {
      const at = place(x.at(tick));
      return (
        `<path class="grid" d="M${at} ${top}V${bottom}"/>` +
        `<text class="muted" x="${at}" y="${bottom + 20}" text-anchor="middle">${number(tick)}</text>`
      );
    }),
    `<path class="axis" d="M${left} ${bottom}H${place(right)}"/>`,
    `<text class="muted" x="24" y="${top - 14}">${escape(yLabel)}</text>`,
    `<text class="muted" x="${place(middle)}" y="${bottom + 44}" text-anchor="middle">${escape(xLabel)}</text>`,
  ];
}

/**
 * What lies between the least and the most that was measured, behind the lines.
 * @param {Series} series
 * @param {number} index
 * @param {Scale} x
 * @param {Scale} y
 */
function band({ points }, index, x, y) {
  const sorted = inOrder(points);
  const edge = (/** @type {"low" | "high"} */ side) =>
    sorted.map((point) => `${place(x.at(point.x))} ${place(y.at(point[side] ?? point.y))}`);
  return `<path class="band ${lookOf(index)}" d="M${[...edge("low"), ...edge("high").reverse()].join("L")}z"/>`;
}

/**
 * @param {Series} series
 * @param {number} index
 * @param {Scale} x
 * @param {Scale} y
 */
function line({ name, points }, index, x, y) {
  const sorted = inOrder(points);
  const path = sorted.map((point) => `${place(x.at(point.x))} ${place(y.at(point.y))}`).join("L");
  const markers = sorted.map((point) => {
    const at = `${place(x.at(point.x))} ${place(y.at(point.y))}`;
    const { low = point.y, high = point.y } = point;
    const spread = low < high ? ` (${number(low)} to ${number(high)})` : "";
    const told = `${name}, ${number(point.x)}: ${number(point.y)}${spread}`;
    return `<path class="marker" transform="translate(${at})" d="${MARKERS[index % MARKERS.length]}"><title>${escape(told)}</title></path>`;
  });
  return `<g class="${lookOf(index)}"><path class="line" d="M${path}"/>${markers.join("")}</g>`;
}

/**
 * The names of the lines, each at its end: of those that reach the last x in a column, moved apart where they would
 * lie on one another; of the others where there is room.
 * @param {Series[]} series
 * @param {Scale} x
 * @param {Scale} y
 * @param {Area} area
 */
function labels(series, x, y, area) {
  const ends = series.map((one, index) => {
    const last = lastOf(one.points);
    return { one, index, last, across: x.at(last.x), down: y.at(last.y) };
  });
  const column = Math.max(...ends.map(({ across }) => across));
  const atTheEnd = ends.filter(({ across }) => across === column);
  const wanted = atTheEnd.map(({ down }) => down);
  const places = spreadOut(wanted, LINE, [area.top, area.bottom]);
  const lines = series.map(({ points }) =>
    inOrder(points).map((point) => /** @type {[number, number]} */ ([x.at(point.x), y.at(point.y)])),
  );
  /** @type {import("./plot/labels.mjs").Box[]} */
  const boxes = [];
  return ends.map((end) => {
    const { one, index, last, across, down } = end;
    const position = atTheEnd.indexOf(end);
    if (position >= 0) {
      return label(one, index, last, [across, down], [across + GAP, places[position] ?? down], "start");
    }
    const size = { width: textWidth(labelOf(one)), height: LINE, gap: GAP };
    const found = placeBeside([across, down], size, { area, lines, boxes });
    boxes.push(found.box);
    return label(one, index, last, [across, down], [found.across, found.down], found.anchor);
  });
}

/**
 * @param {Series} series
 * @param {number} index
 * @param {Point} last
 * @param {[number, number]} end The line's.
 * @param {[number, number]} at Where the text begins or ends.
 * @param {"start" | "end"} anchor
 */
function label({ name }, index, last, [across, down], [left, middle], anchor) {
  const way = anchor === "start" ? 1 : -1;
  return (
    `<g class="${lookOf(index)}"><path class="lead" d="M${place(across + 7 * way)} ${place(down)}L${place(left - 4 * way)} ${place(middle)}"/>` +
    `<text class="label" x="${place(left)}" y="${place(middle + 4.5)}" text-anchor="${anchor}">${escape(name)} ` +
    `<tspan class="value">${number(last.y)}</tspan></text></g>`
  );
}

/**
 * The chart in words, for those who do not see it.
 * @param {Plot} plot
 */
function describe({ subtitle, xLabel, yLabel, series }) {
  const lines = series.map(({ name, points }) => {
    const values = inOrder(points).map(({ x, y }) => `${number(y)} at ${number(x)}`);
    return `${name}: ${values.join(", ")}.`;
  });
  return [`${yLabel} by ${xLabel}.`, ...(subtitle ? [`${subtitle}.`] : []), ...lines].join(" ");
}

/** @param {Series} series */
function labelOf({ name, points }) {
  return `${name} ${number(lastOf(points).y)}`;
}

/** @param {Point[]} points */
function inOrder(points) {
  return [...points].sort((a, b) => a.x - b.x);
}

/** @param {Point[]} points */
function lastOf(points) {
  return points.reduce((last, point) => (point.x > last.x ? point : last));
}

/** @param {string} text */
function textWidth(text) {
  return text.length * CHARACTER;
}

/**
 * A number for people: three digits, with separators.
 * @param {number} value
 */
function number(value) {
  const rounded = Number(value.toPrecision(value >= 1000 ? 12 : 3));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: value >= 100 ? 0 : 6 });
}

/**
 * A place in the picture, to a tenth of a pixel.
 * @param {number} value
 */
function place(value) {
  return Number(value.toFixed(1));
}

/** @param {string} text */
function escape(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
