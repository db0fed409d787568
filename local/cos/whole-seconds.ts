/** The service dates in whole seconds: a date of a list and one of a header are the same. */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
