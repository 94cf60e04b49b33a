/**
 * What stands for a value has no text yet. Asked for one, as in a template or by `JSON.stringify`, it answers with
 * something that nobody mistakes for a value; a plan that meets this in a text refuses it and names the place.
 */
export function notYet(what: string): { readonly $mags: string } {
  return { $mags: what };
}

export function notYetText(what: string): string {
  return JSON.stringify(notYet(what));
}

/** Whether a text was made from something that had none yet, also if it was then quoted again. */
export function hasNotYet(text: string): boolean {
  return text.includes("$mags") && /\{\\*"\$mags\\*":/.test(text);
}
