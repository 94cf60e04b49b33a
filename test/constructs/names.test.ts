import { Construct } from "constructs";
import fc from "fast-check";
import { App, Job, Names, Stack } from "../../constructs";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const id = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !(text in Object.prototype));
const path = fc.array(id, { minLength: 1, maxLength: 6 });

function at(ids: readonly string[]): Construct {
  let scope: Construct = new App();
  for (const id of ids) scope = new Construct(scope, id);
  return scope;
}

it("read like the path, without the last part Resource", () => {
  const job = new Job(new Stack(new App(), "shop"), "Web Server");
  expect(Names.toDnsLabel(job)).toMatch(/^shop-web-server-[0-9a-f]{8}$/);
  expect(Names.toDnsLabel(job.resource)).toMatch(/^shop-web-server-[0-9a-f]{8}$/);
  expect(Names.toDnsLabel(job, { extra: ["v2"] })).toMatch(/^shop-web-server-v2-[0-9a-f]{8}$/);
});

it("are always labels, as long as they may be, and the same for the same place", () => {
  fc.assert(
    fc.property(path, fc.integer({ min: 10, max: 63 }), (ids, maxLength) => {
      const name = Names.toDnsLabel(at(ids), { maxLength });
      expect(name).toMatch(label);
      expect(name.length).toBeLessThanOrEqual(maxLength);
      expect(Names.toDnsLabel(at(ids), { maxLength })).toBe(name);
    }),
  );
});

it("of two places are two, however they are cut", () => {
  const clean = (ids: string[]) => ids.map((id) => id.replaceAll(/[/\n]/g, "--"));
  fc.assert(
    fc.property(path, path, (a, b) => {
      fc.pre(JSON.stringify(clean(a)) !== JSON.stringify(clean(b)));
      expect(Names.toDnsLabel(at(a), { maxLength: 10 })).not.toBe(Names.toDnsLabel(at(b), { maxLength: 10 }));
    }),
  );
});

it.each([0, 9, 64, 20.5, NaN])("cannot have %d characters", (maxLength) => {
  expect(() => Names.toDnsLabel(at(["a"]), { maxLength })).toThrow(/whole number from 10 to 63/);
});
