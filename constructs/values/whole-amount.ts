/**
 * An amount of a unit as a whole number of the smallest one; undefined where it is none, is negative, or is
 * larger than numbers can be told apart. What a decimal fraction such as 0.1 loses in binary is no difference.
 */
export function wholeAmount(amount: number, unit: number): number | undefined {
  if (typeof amount !== "number" || !(amount >= 0)) return undefined;
  const exact = amount * unit;
  const whole = Math.round(exact);
  const close = Math.abs(exact - whole) <= exact * Number.EPSILON * 2;
  return close && Number.isSafeInteger(whole) ? whole : undefined;
}

/** The whole amounts next to one that is not whole, in words; none of them is nothing. */
export function nearestWhole(value: number, words: (amount: number) => string): string {
  return [Math.floor(value), Math.ceil(value)]
    .filter((amount) => amount > 0)
    .map(words)
    .join(" or ");
}
