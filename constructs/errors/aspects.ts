/** What goes over a whole tree. */

export const noAspect = () =>
  `an aspect that was added here is none. Give an object with a method visit(construct).`;

export const aspectFailed = (aspect: string, detail: string) => `${aspect} failed here: ${detail}`;

export const aspectTooLate = (aspect: string, priority: number) =>
  `${aspect} of priority ${priority} was added when aspects of a higher number had been visited already, which have not seen what it ` +
  `does. Add it before the plan, or give it a higher number.`;

export const aspectEndless = (aspect: string, added: number) =>
  `${aspect} goes on adding constructs to what it has added itself (${added} visits of what was added so far), and would for ever. ` +
  `Let it pass over constructs of its own.`;
