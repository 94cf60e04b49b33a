/** What properties are given. */
import { ConstructsError } from "./base";

export const secretUnset = (name: string, value: "" | undefined) =>
  new ConstructsError(
    `The environment variable ${name}, which a secret is to be read from, is ${value === "" ? "empty" : "not set"}. ` +
      `Set it and deploy again${value === "" ? `; where the secret is to be empty, say Secret.of("")` : ""}.`,
  );

export const valueNotKnown = (property: string, what: string) =>
  `${property} is ${what}, but the plan has to know it: what follows from it is decided before anything is deployed. Give a plain value.`;

export const madeText = (property: string) =>
  `${property} is a text made from a value that is known only later. Make it by interpolate\`…\`, or give that value as the whole.`;

export const partMissing = (property: string, part: string) =>
  `${property} is a text with a part that is ${part}, such as the URL of an imported job that was told none. Give that part a value.`;

export const notText = (property: string) =>
  `${property} is a text with a list or map in it. Give a text, a number, true or false, or what stands for one.`;

export const notJson = (property: string, what: string) =>
  `${property} is ${what}, which no property can hold. Give a text, a number, true or false, or lists and maps of them.`;

export const keyReserved = (property: string) =>
  `${property} is a name that JavaScript keeps for itself. Take it away.`;

export const constructAsValue = (property: string) =>
  `${property} is a construct. Give one of its attributes, such as its workspaceId.`;

export const notThatConstruct = (property: string, given: string, wanted: string) =>
  `${property} is ${given}, but it takes the construct itself. Give ${wanted}.`;

export const scriptNotText = (property: string, given: string) =>
  `${property} is a script made of what is ${given}. Give Script.inline a text.`;

export const noSuchRemovalPolicy = (policy: string, known: readonly string[]) =>
  `its removal policy is ${policy}, and there is none such. Give ${known.map((name) => `RemovalPolicy.${name}`).join(" or ")}.`;

export const endlessValue = (property: string) =>
  `${property} holds itself, or is lazy and produces itself, so it has no end.`;

export const noMeasure = (property: string, value: string) =>
  `${property} is ${value}, but it is no property that is measured so. Give a plain value.`;

export const overrideWithoutPath = (type: string) =>
  `an override of it has no path (${type}). Give names joined by dots, such as "http.port".`;

export const overrideBlocked = (path: string) =>
  `the override of ${path} cannot be made: on the way to it stands a value that is no map, or not known yet. Override that one as a whole.`;

export const scriptUnreadable = (file: string, detail: string) =>
  new ConstructsError(
    `the script ${file} cannot be read (${detail}). Correct the path: it is relative to the folder that the program runs in.`,
  );
