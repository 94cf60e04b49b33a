import type { Values } from "../../provider/schema/fields";
import { OUTPUTS } from "../../provider/schema/outputs";
import { SCHEMAS } from "../../provider/schema/schemas";
import { nearest, problemsOf } from "../../provider/schema/validation";
import { App } from "../app";
import * as errors from "../errors";
import { inWordsOf, wordFor } from "../property-words";
import type { Leaf, Leaves } from "./leaves";
import type { Problems } from "./problems";
import type { Walk } from "./walk";

/** Each resource by itself: its properties by the field table and rules of its kind, and what it refers to. */
export function checkResources(leaves: Leaves, walk: Walk, problems: Problems): void {
  for (const leaf of leaves.all) {
    checkReferences(leaf, leaves, walk, problems);
    const { fields, problems: rules } = SCHEMAS[leaf.kind];
    const known: Values = leaves.known(leaf);
    const { resource } = leaf;
    const found = problemsOf(fields, known, {}, (name) => wordFor(resource, name));
    for (const { reason } of found) problems.add(resource, reason);
    // Rules about several fields read them, so they wait until each is well-formed.
    if (found.length > 0) continue;
    for (const { reason } of rules(known)) problems.add(resource, inWordsOf(resource, reason));
  }
}

function checkReferences(leaf: Leaf, leaves: Leaves, walk: Walk, problems: Problems): void {
  for (const { property, reference } of leaf.references) {
    const { target, attribute } = reference;
    if (!walk.entryOf(target)) {
      const elsewhere = target.node.root !== walk.root.construct && App.isApp(target.node.root);
      const say = elsewhere ? errors.referenceAcrossApps : errors.referenceGone;
      problems.add(leaf.resource, say(property, target.path, attribute));
      continue;
    }
    const there = leaves.of(target);
    // Of a kind that there is not, nothing more is to be said.
    if (!there) continue;
    const known = [...Object.keys(OUTPUTS[target.kind]), "id"];
    if (known.includes(attribute)) {
      if (OF_HTTP.includes(attribute) && there.kind === "Job" && there.inputs.http === undefined)
        problems.add(leaf.resource, errors.jobHasNoUrl(property, attribute, target.path));
      continue;
    }
    problems.add(
      leaf.resource,
      errors.noSuchAttribute(
        property,
        `${target.kind} "${target.path}"`,
        attribute,
        nearest(attribute, known),
        known,
      ),
    );
  }
}

/** What a job has only where it opens a port. */
const OF_HTTP = ["url", "subdomain"];
