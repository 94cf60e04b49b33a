import { Annotations, Job } from "../../constructs";
import { planOf, propertiesAt } from "./support";

/** So many that what takes time in proportion to their square would not end within the limit of a test. */
const MANY = 20_000;

describe("one construct with very much", () => {
  it("variables: each override of them is put into one copy, and the map that was given stays as it is", () => {
    const environment = { A: "given" };
    const plan = planOf((stack) => {
      const job = new Job(stack, "j", { environment });
      for (let index = 0; index < MANY; index++) job.addEnvironment(`V${index}`, "x");
      job.addEnvironment("A", "overridden");
    });
    const planned = propertiesAt(plan, "s/j").environment as Record<string, string>;
    expect(Object.keys(planned)).toHaveLength(MANY + 1);
    expect(planned.A).toBe("overridden");
    expect(environment).toEqual({ A: "given" });
  });

  it("warnings: the same words twice are one", () => {
    const { annotations } = planOf((stack) => {
      const job = new Job(stack, "j");
      for (let index = 0; index < 2 * MANY; index++) Annotations.of(job).addWarning(`${index % MANY}`);
    });
    expect(annotations).toHaveLength(MANY);
    expect(annotations.slice(0, 2).map(({ message }) => message)).toEqual(["0", "1"]);
  });
});
