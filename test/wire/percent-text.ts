import { constantFrom, string } from 'fast-check';

const LETTERS = [
  ...'aZ09-_.~ !\'()*%+/&=;:@?#"\\[]{}|^`$,<>éÿ图猫ア🐱\u0301\0\n\t\x7f\u0080\u07ff\u0800\ufeff\uffff',
];

/** Text of letters that one encoder or another gets wrong. */
export function awkwardText(maxLength: number) {
  return string({ unit: constantFrom(...LETTERS), maxLength });
}
