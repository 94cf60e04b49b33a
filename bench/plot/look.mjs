/**
 * The colours of the lines on a light and on a dark ground: told apart by those who confuse colours too, and at least
 * 4.5 to 1 against the ground, since labels have them.
 */
export const COLOURS = [
  ["#1f4fd0", "#6b9bff"],
  ["#df2522", "#f0762a"],
  ["#027d84", "#1fd488"],
  ["#780775", "#e58abb"],
  ["#484644", "#eef2f6"],
  ["#386800", "#ffdc2b"],
];

/** What else has a colour, on a light and on a dark ground. */
export const GROUNDS = {
  ground: ["#ffffff", "#0d1117"],
  edge: ["#d1d9e0", "#3d444d"],
  grid: ["#e6eaee", "#21262d"],
  axis: ["#8c959f", "#656c76"],
  text: ["#1f2328", "#f0f6fc"],
  muted: ["#59636e", "#9198a1"],
};

/** Paths around zero, one per line: told apart without any colour. */
export const MARKERS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  "M-3.6-3.6h7.2v7.2h-7.2z",
  "M0-4.8L4.6 3.4H-4.6z",
  "M0-5L5 0 0 5-5 0z",
  "M0 4.8L4.6-3.4H-4.6z",
  "M-4.8-1.6h3.2v-3.2h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2z",
];

const RULES = `
.ground{fill:var(--ground);stroke:var(--edge)}
.grid{fill:none;stroke:var(--grid)}
.axis{fill:none;stroke:var(--axis)}
.band{fill:var(--c);opacity:.13}
.line{fill:none;stroke:var(--c);stroke-width:2.25;stroke-linejoin:round}
.dashed .line{stroke-dasharray:7 4}
.marker{fill:var(--c);stroke:var(--ground);stroke-width:1.25}
.lead{fill:none;stroke:var(--c);opacity:.5}
.label{fill:var(--c);font-weight:600;paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
.value{font-weight:400}
.title{fill:var(--text)}
.muted{fill:var(--muted)}
`;

/**
 * The classes of a line and of all that belongs to it.
 * @param {number} index
 */
export function lookOf(index) {
  return `c${index % COLOURS.length}${index < COLOURS.length ? "" : " dashed"}`;
}

/** The style sheet: of the reader's two preferences the light one where there is none. */
export function style() {
  return `${colours(0)}\n@media(prefers-color-scheme:dark){${colours(1)}}${RULES}`;
}

/** @param {0 | 1} which */
function colours(which) {
  const grounds = Object.entries(GROUNDS).map(([name, pair]) => `--${name}:${pair[which]}`);
  return `svg{${grounds.join(";")}}${COLOURS.map((pair, index) => `.c${index}{--c:${pair[which]}}`).join("")}`;
}
