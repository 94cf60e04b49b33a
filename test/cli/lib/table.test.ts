import fc from "fast-check";
import { cutTo, harmless, startOf, tableOf, widthOf, type Column } from "../../../cli/lib/table";

const COLUMNS: readonly Column[] = [
  { title: "NAME", least: 6, cut: 1 },
  { title: "DISK", align: "right" },
  { title: "URL", least: 8, cut: 0 },
];

describe("a table", () => {
  it("keeps everything where there is no width, and shows that a cell is empty", () => {
    expect(
      tableOf(COLUMNS, [
        ["web", "8 GB", "https://web.example"],
        ["a-longer-name", "", ""],
      ]),
    ).toEqual([
      "NAME           DISK  URL",
      "web            8 GB  https://web.example",
      "a-longer-name     -  -",
    ]);
  });

  it("cuts what tells least first, and leaves out columns without anything", () => {
    const rows = [
      ["a-name", "", "https://web.example"],
      ["b-name", "", ""],
    ];
    expect(tableOf(COLUMNS, rows, { width: 20 })).toEqual([
      "NAME    URL",
      "a-name  https:…ample",
      "b-name  -",
    ]);
    expect(tableOf(COLUMNS, rows, { width: 16 })).toEqual(["NAME    URL", "a-name  http…ple", "b-name  -"]);
  });

  it("cuts a cell as its column says", () => {
    const shortened = (text: string, width: number) => startOf(text.replace("https://", ""), width);
    const columns = [{ title: "NAME" }, { title: "URL", least: 6, shortened }];
    expect(tableOf(columns, [["web", "https://web.example"]], { width: 16 })).toEqual([
      "NAME  URL",
      "web   web.examp…",
    ]);
  });

  it("has the shape of all rows, also where some are shown", () => {
    const among = [
      ["a", "", "u"],
      ["a-longer-name", "8 GB", ""],
    ];
    const all = tableOf(COLUMNS, among, { width: 80 });
    expect(tableOf(COLUMNS, among.slice(0, 1), { width: 80, among })).toEqual(all.slice(0, 2));
  });

  it("never has a line longer than the width, however narrow", () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 40 }).map(harmless);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, fc.constant("8 GB"), cell), { minLength: 1 }),
        fc.integer({ min: 1, max: 120 }),
        (rows, width) => {
          for (const line of tableOf(COLUMNS, rows, { width }))
            expect(widthOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe("the width of a text", () => {
  it.each([
    ["web", 3],
    ["日本", 4],
    ["👍", 2],
    ["e\u0301", 1],
    ["\u001b[31mred\u001b[39m", 3],
  ])("of %j is %i", (text, width) => expect(widthOf(text)).toBe(width));

  it("a text is cut in its middle, to what is asked for at most", () => {
    expect(cutTo("team-1-service-14", 9)).toBe("team…e-14");
    expect(cutTo("short", 9)).toBe("short");
    expect(cutTo("日本語日本語", 6)).toBe("日…語");
    expect(cutTo("abc", 0)).toBe("");
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.nat(40),
        (text, width) => widthOf(cutTo(text, width)) <= width || widthOf(text) <= width,
      ),
    );
  });

  it("a text that is read is cut at its end", () => {
    expect(startOf("Mags refused the token", 9)).toBe("Mags ref…");
    expect(startOf("日本語日本語", 6)).toBe("日本…");
    expect(startOf("short", 5)).toBe("short");
  });

  it("names of others neither move the cursor nor colour anything", () => {
    expect(harmless("a\u001b[2Jb\r\nc\u009b1m")).toBe("a\ufffd[2Jb\ufffd\ufffdc\ufffd1m");
  });
});
