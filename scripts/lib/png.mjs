import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/**
 * Rewrites a PNG of 8 bits per channel with a palette of its 256 most frequent distinct colours: pictures of pages
 * have few that matter, and shrink to a half or less.
 * @param {Buffer} png
 */
export function withPalette(png) {
  const { width, height, channels, pixels } = decode(png);
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = distinct([...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour));
  const places = new Map(palette.map((colour, index) => [colour, index]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const colour = pixels.readUIntBE(at, 3);
      let place = places.get(colour);
      if (place === undefined) places.set(colour, (place = nearest(palette, colour)));
      rows[y * (width + 1) + 1 + x] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.alloc(palette.length * 3);
  palette.forEach((colour, index) => colours.writeUIntBE(colour, index * 3, 3));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {Buffer} png */
function decode(png) {
  /** @type {Buffer[]} */
  const data = [];
  let header = Buffer.alloc(13);
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const content = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = content;
    if (type === "IDAT") data.push(content);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header.readUInt8(9)];
  if (header.readUInt8(8) !== 8 || channels === undefined || header.readUInt8(12) !== 0) {
    throw new Error("only PNGs of 8 bits per channel, in RGB or RGBA and not interlaced, are understood");
  }
  return {
    width,
    height,
    channels,
    pixels: unfilter(inflateSync(Buffer.concat(data)), width, height, channels),
  };
}

/**
 * @param {Buffer} rows Each row behind the number of its filter.
 * @param {number} width
 * @param {number} height
 * @param {number} channels
 */
function unfilter(rows, width, height, channels) {
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : pixels[at - channels];
      const up = y === 0 ? 0 : pixels[at - stride];
      const corner = x < channels || y === 0 ? 0 : pixels[at - stride - channels];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[at] = rows[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const [one, two, three] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  return one <= two && one <= three ? left : two <= three ? up : corner;
}

/** Squared distance from which two colours count as distinct. */
const DISTINCT = 200;

/**
 * The first 256 colours of which none is close to another, so that rare hues have a place, too.
 * @param {number[]} colours The most frequent first.
 */
function distinct(colours) {
  /** @type {number[]} */
  const palette = [];
  for (const colour of colours) {
    if (palette.length === 256) break;
    // The most frequent ones are the areas of the page, and kept exactly.
    if (palette.length < 24 || palette.every((other) => distance(other, colour) > DISTINCT))
      palette.push(colour);
  }
  return palette;
}

/** @param {number[]} palette @param {number} colour */
function nearest(palette, colour) {
  let best = 0;
  let least = Infinity;
  palette.forEach((other, index) => {
    const far = distance(other, colour);
    if (far < least) [best, least] = [index, far];
  });
  return best;
}

/** @param {number} one @param {number} other */
function distance(one, other) {
  return [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
}

/** @param {string} type @param {Buffer} content */
function chunk(type, content) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
