import { CASES, nameOf } from "./support/cases";
import { callsOf, cloudsOfFile, pointsOf, prove } from "./support/points";
import { lostPoints, print, type Table } from "./support/table";

/**
 * Every call of every operation, three ways to break it, and every way to go on: with generated names and a
 * namespace the next `up` leaves exactly what is declared.
 */
const PART = "generated names";
const table: Table = {};
const clouds = cloudsOfFile();

test.each(CASES.map((subject) => [nameOf(subject), subject] as const))(
  "%s",
  async (name, subject) => {
    const points = pointsOf(subject, await callsOf(clouds, subject));
    const failures: string[] = [];
    const rows: Record<string, number> = (table[name] = {});
    for (const point of points) {
      rows[point.route] = (rows[point.route] ?? 0) + 1;
      try {
        await prove(clouds, point);
      } catch (error) {
        failures.push(
          `${point.mode} at call ${point.call} (${point.route}), ${point.sequel}: ${String(error)}`,
        );
      }
    }
    expect(failures).toEqual([]);
  },
  120_000,
);

test("no point has been lost", () => {
  print(PART, table);
  expect(lostPoints(PART, table)).toEqual([]);
});
