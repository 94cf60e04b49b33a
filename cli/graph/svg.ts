import { LOOKS } from "./kinds";
import {
  LINE_HEIGHT,
  TEXT_INDENT,
  TEXT_SIZE,
  TITLE_SIZE,
  WARNING_INSET,
  layoutOf,
  aboutOf,
  type PlacedGroup,
  type PlacedItem,
  type PlacedLine,
} from "./layout";
import { piecesOf, type Course } from "./course";
import type { Point } from "./route";
import { isGroup, itemsOf, type Member, type Model } from "./model";
import { widthOf } from "./text";
import type { KindName } from "../../provider/schema/fields";

const MARGIN = 20;
const LEGEND = 34;

/** The picture of a model, in light and in dark as the reader prefers, readable aloud. */
export function svgOf(model: Model): string {
  const layout = layoutOf(model);
  const kinds = Object.keys(LOOKS).filter((kind) =>
    layout.items.some(({ item }) => item.resource.kind === kind),
  ) as KindName[];
  const legend = legendOf(kinds, model);
  const width = Math.ceil(Math.max(layout.width, legend.width) + 2 * MARGIN);
  const height = Math.ceil(layout.height + 2 * MARGIN + LEGEND);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="mags-title mags-description">`,
    `<title id="mags-title">${escaped(titleOf(model))}</title>`,
    `<desc id="mags-description">${escaped(descriptionOf(model))}</desc>`,
    `<style>${styleOf(kinds)}</style>`,
    `<defs><marker id="mags-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5 7 4 0 7.5z"/></marker></defs>`,
    `<rect class="page" width="${width}" height="${height}" rx="12"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})">`,
    ...layout.groups.map(groupOf),
    ...layout.lines.map(lineOf),
    ...layout.items.map(itemOf),
    `</g>`,
    `<g class="legend" transform="translate(${MARGIN} ${height - MARGIN})">${legend.svg}</g>`,
    `</svg>`,
    "",
  ].join("\n");
}

function styleOf(kinds: readonly KindName[]): string {
  const colors = (index: 0 | 1) => kinds.map((kind) => `.${kind}{--c:${LOOKS[kind].color[index]}}`).join("");
  const theme = (page: string, ink: string, soft: string, box: string, edge: string) =>
    `svg{--page:${page};--ink:${ink};--soft:${soft};--box:${box};--edge:${edge}}`;
  return [
    theme("#ffffff", "#1f2933", "#5b6776", "#f5f7fa", "#c9d1db"),
    colors(0),
    `@media (prefers-color-scheme: dark){${theme("#0f141a", "#e6ebf1", "#9aa7b5", "#171e26", "#364250")}${colors(1)}}`,
    `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;fill:var(--ink)}`,
    `.page{fill:var(--page)}`,
    `.group{fill:var(--box);fill-opacity:.6;stroke:var(--edge)}`,
    `.item rect{fill:var(--page);stroke:var(--edge)}`,
    `.item .bar{fill:var(--c);stroke:none}`,
    `.icon{fill:none;stroke:var(--c);stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}`,
    `.title{font-size:${TITLE_SIZE}px;font-weight:600}`,
    `.text{font-size:${TEXT_SIZE}px;fill:var(--soft)}`,
    `.warning{fill:#d97706}`,
    `.line{fill:none;stroke:var(--soft);stroke-width:1.3;marker-end:url(#mags-end)}`,
    `.wait{stroke-dasharray:4 4}`,
    `marker path{fill:var(--soft)}`,
  ].join("\n");
}

function groupOf({ x, y, width, height, group, title }: PlacedGroup): string {
  return (
    `<g><title>${escaped([`${group.path} (${group.type})`, ...group.warnings.map(warningText)].join("\n"))}</title>` +
    `<rect class="group" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="10"/>` +
    `<text class="title" x="${n(x + 14)}" y="${n(y + 20)}">${escaped(title)}</text>` +
    `${group.warnings.length > 0 ? warningSign(x + width - WARNING_INSET, y + 15) : ""}</g>`
  );
}

function itemOf({ x, y, width, height, item, title, texts }: PlacedItem): string {
  const { kind } = item.resource;
  const tip = [item.path, aboutOf(item), ...item.warnings.map(warningText)].join("\n");
  return [
    `<g class="item ${kind}" transform="translate(${n(x)} ${n(y)})"><title>${escaped(tip)}</title>`,
    `<rect width="${n(width)}" height="${n(height)}" rx="7"/>`,
    `<path class="bar" d="M7 0A7 7 0 0 0 0 7V${n(height - 7)}A7 7 0 0 0 7 ${n(height)}A6 7 0 0 1 4 ${n(height - 7)}V7A6 7 0 0 1 7 0z"/>`,
    `<path class="icon" transform="translate(10 9)" d="${LOOKS[kind].icon}"/>`,
    `<text class="title" x="${TEXT_INDENT}" y="21">${escaped(title)}</text>`,
    ...texts.map(
      (text, index) =>
        `<text class="text" x="${TEXT_INDENT}" y="${38 + index * LINE_HEIGHT}">${escaped(text)}</text>`,
    ),
    ...(item.warnings.length > 0 ? [warningSign(width - WARNING_INSET, 12)] : []),
    `</g>`,
  ].join("");
}

function warningText(text: string): string {
  return `Warning: ${text}`;
}

function warningSign(x: number, y: number): string {
  return `<circle class="warning" cx="${n(x)}" cy="${n(y)}" r="4"/>`;
}

function lineOf({ line, ...course }: PlacedLine): string {
  return (
    `<g><title>${escaped(line.about)}</title>` +
    `<path class="line${line.isWait ? " wait" : ""}" d="${curve(course)}"/></g>`
  );
}

/** A smooth way through all points. */
function curve(course: Course): string {
  const [start] = course.points as [Point, ...Point[]];
  const pieces = piecesOf(course).map(({ controls, to }) =>
    [...controls, to].map(({ x, y }) => `${n(x)} ${n(y)}`).join(" "),
  );
  return [`M${n(start.x)} ${n(start.y)}`, ...pieces].join("C");
}

function legendOf(kinds: readonly KindName[], model: Model): { svg: string; width: number } {
  let x = 0;
  const parts: string[] = [];
  const add = (sign: string, label: string, indent: number) => {
    parts.push(
      `<g transform="translate(${n(x)} 0)">${sign}<text class="text" x="${indent}" y="0">${label}</text></g>`,
    );
    x += indent + Math.ceil(widthOf(label, TEXT_SIZE)) + 20;
  };
  for (const kind of kinds) {
    const icon = `<path class="icon ${kind}" transform="translate(0 -12)" d="${LOOKS[kind].icon}"/>`;
    add(icon, kind, 22);
  }
  const sign = (wait: string) => `<path class="line${wait}" d="M0 -4h24"/>`;
  if (model.lines.some(({ isWait }) => !isWait)) add(sign(""), "refers to", 32);
  if (model.lines.some(({ isWait }) => isWait)) add(sign(" wait"), "waits for", 32);
  if (model.root.members.some(hasWarning)) {
    add(warningSign(4, -4), "has a warning", 16);
  }
  return { svg: parts.join(""), width: Math.max(0, x - 20) };
}

function hasWarning(member: Member): boolean {
  return member.warnings.length > 0 || (isGroup(member) && member.members.some(hasWarning));
}

function titleOf(model: Model): string {
  const names = model.root.members.map(({ title }) => title);
  const shown = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return `Mags resources: ${shown.join(", ") || "none"}`;
}

/** What the picture shows, for those who do not see it. */
function descriptionOf(model: Model): string {
  const counts = new Map<string, number>();
  for (const { resource } of itemsOf(model.root))
    counts.set(resource.kind, (counts.get(resource.kind) ?? 0) + 1);
  const total = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  return [
    `${total || "No resources"}; ${model.references} references.`,
    ...model.root.members.map(spoken),
  ].join("\n");
}

function spoken(member: Member): string {
  const warned = ({ warnings }: Member) => (warnings.length > 0 ? ", has a warning" : "");
  if (!isGroup(member)) return `${member.title}: ${aboutOf(member)}${warned(member)}.`;
  const inner = itemsOf(member).map((item) => `${item.title} (${item.resource.kind}${warned(item)})`);
  return `${member.title}${warned(member)}: ${inner.join(", ")}.`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[sign]};`);
}

/** A number of pixels, short and the same everywhere. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
