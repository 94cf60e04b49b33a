/** What several resources are made by. */
import { ConstructsError } from "./base";

export const noSuchPart = (path: string, what: string, id: string, known: readonly string[]) =>
  new ConstructsError(`${path} has no ${what} "${id}": known are ${known.join(", ") || "none"}.`);

export const serviceWithoutScript = () =>
  `it has no script, so nothing would answer. Give it the script that serves on its port.`;

export const membersNotList = (given: string) =>
  `members is ${given}. Give a list of ids, or of ids with what is their own: ["ada", { id: "grace", noSleep: true }].`;

export const memberWithoutId = (place: number, given: string) =>
  `members.${place} is ${given}. Give an id, or an object with an id: { id: "grace" }.`;

export const countNotWhole = (count: string) =>
  `count is ${count}, but the plan has to know how many there are. Give a whole number of 0 or more.`;

export const noSuchSize = (member: string, size: string, known: readonly string[]) =>
  `${member} has the size "${size}", which is none of ${known.join(", ") || "none"}. Correct it, or add it to sizes.`;

export const noPullRequest = (value: string) =>
  `pullRequest is ${value}, but everything here is named by it. Give the number of the pull request, a whole number from 1 on.`;

export const noTime = () => `expires is no valid time. Give a Date that is one, or a Duration.`;

export const scheduleTwice = (id: string) =>
  `there is a schedule "${id}" already, in the program or before in the file. Give one of them another id.`;

export const noSuchWorkspace = (id: string, workspace: string, known: readonly string[]) =>
  `${id} names the workspace "${workspace}": known are ${known.join(", ")}. Correct it, or add it to workspaces.`;

export const cannotMerge = (name: string) =>
  `${name} cannot be merged with that of defaults, since one of them is not known yet. Give both as maps, whose values may be unknown.`;
