import { Construct } from "constructs";
import { Aspects, Job, Lazy } from "../../../constructs";
import { refused } from "../support";

describe("aspects and validations", () => {
  it("an aspect that adds constructs for ever", () => {
    class Breeding {
      visit(construct: Construct) {
        if (construct instanceof Job) new Job(construct, "child");
      }
    }
    expect(
      refused((stack) => {
        new Job(stack, "job");
        Aspects.of(stack).add(new Breeding());
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[s\] the aspect Breeding goes on adding constructs to what it has added itself/,
      ),
    ]);
  });

  it("one that adds more and more", () => {
    let n = 0;
    const found = refused((stack) => {
      new Construct(stack, "first");
      Aspects.of(stack).add({
        visit: (construct) => void [1, 2, 3].map(() => new Construct(construct as Construct, `c${n++}`)),
      });
    });
    expect(found).toEqual([expect.stringMatching(/^\[s\] an aspect goes on adding constructs/)]);
  });

  it("one that throws, and a validation that throws", () => {
    expect(
      refused((stack) => {
        const job = new Job(stack, "job");
        Aspects.of(job.resource).add({
          visit() {
            throw new Error("no");
          },
        });
        stack.node.addValidation({
          validate: () => {
            throw new Error("neither");
          },
        });
        stack.node.addValidation({ validate: () => ["never reached"] });
        job.node.addValidation({ validate: () => ["has no owner. Tag it."] });
      }),
    ).toEqual([
      "[s] a validation of it failed: neither",
      expect.stringMatching(/^\[s\/job\] (an aspect failed here: no|has no owner\. Tag it\.)$/),
      expect.stringMatching(/^\[s\/job\] (an aspect failed here: no|has no owner\. Tag it\.)$/),
    ]);
  });

  it("constructs that a lazy value or a validation adds would be missed", () => {
    expect(
      refused((stack) => {
        new Job(stack, "job", {
          environment: { A: Lazy.string({ produce: () => new Job(stack, "late").node.id }) },
        });
      }),
    ).toEqual([expect.stringMatching(/^\[\] 2 constructs were added while the app was planned/)]);
  });
});
