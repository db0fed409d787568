/** A key may hold anything; on a screen it stands on one line and moves no cursor. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Surrogate}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
