/**
 * The number in a text that need not hold one. What the service says about a finished piece of work
 * must not be lost because one of its numbers is odd, so an odd number counts as missing.
 */
export function wholeNumber(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? '';
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
}
