/** Renames, and what a deploy gives back. */
import { ConstructsError } from "./base";

export const formerPathEmpty = () =>
  `it was renamed from a path without an id. Give the id that it had, or its whole former path, such as "/shop/web".`;

export const formerPathTaken = (path: string) =>
  `it was renamed from ${path}, but a construct is there now, and what was deployed can go on as one of them only. ` +
  `Give the other one another id, or take the rename away. If what was deployed was of another class, give that as well: ` +
  `from("/${path}", Sandbox).`;

export const formerClassOfResource = (path: string) =>
  `it was renamed from ${path} and another class, but it is a resource, which Pulumi knows by its kind: ` +
  `that is the same, or it is another resource. Leave the class out, or give the rename to the construct around it.`;

export const formerClassIsResource = (path: string, type: string) =>
  `it was renamed from ${path} and the class ${type}, which is one resource, and it is none itself. ` +
  `Give the rename, without a class, to the ${type} in it that is to go on.`;

export const formerClassWrong = (path: string) =>
  `it was renamed from ${path}, and what it was is no class. Give the class itself, such as Sandbox.`;

export const formerScopeGone = (path: string, scope: string) =>
  `it was renamed from ${path}, but ${scope} is no part of the app any more, so what it was is not known. ` +
  `Rename ${scope} in one deploy, with a rename of its own, and move this in the next.`;

export const notDeployed = (path: string, what: string) =>
  new ConstructsError(
    `${path || "app"} has no ${what} among what was deployed. ` +
      `Ask for a construct of the app that was given to deploy, with resources in it.`,
  );

export const resourceIsNoComponent = (path: string) =>
  new ConstructsError(
    `${path} is one resource in Pulumi, and has no component. Ask for the resource: deployed.of(…).`,
  );

export const providerForNobody = (path: string) =>
  `providers has one for "${path}", and the app has no construct of that path. Correct the path.`;
