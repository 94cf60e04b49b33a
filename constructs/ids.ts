import { Construct } from "constructs";
import { Annotations } from "./annotations";
import * as errors from "./errors";
import { hasNotYet } from "./not-yet";

/**
 * The id for a new child. One that cannot stand is noted as an error of the scope, which fails the plan together
 * with all other errors of the tree, and the child goes on under another id.
 */
export function claimId(scope: Construct, id: string): string {
  if (!Construct.isConstruct(scope)) throw errors.scopeMissing(String(id));
  if (typeof id !== "string" || id === "") {
    Annotations.of(scope).addError(errors.idNotText(typeof id));
    return free(scope, "unnamed");
  }
  if (hasNotYet(id)) {
    Annotations.of(scope).addError(errors.idNotKnown());
    return free(scope, "unknown");
  }
  if (id in Object.prototype) {
    // The library keeps children in a plain object, which has these already.
    Annotations.of(scope).addError(errors.idReserved(id));
    return free(scope, "reserved");
  }
  if (!scope.node.tryFindChild(id)) return id;
  Annotations.of(scope).addError(errors.duplicateId(id));
  return free(scope, id);
}

function free(scope: Construct, id: string): string {
  let number = 2;
  while (scope.node.tryFindChild(`${id} (${number})`)) number++;
  return `${id} (${number})`;
}
