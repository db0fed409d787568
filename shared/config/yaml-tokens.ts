import { type CST, Lexer, Parser } from 'yaml';
import type { Flaw } from './spot.ts';

/** A rules file nests a dozen deep. The library recurses, and its time and memory grow with the depth. */
const MAX_DEPTH = 40;

/** Texts, punctuation, line ends: some three times what a file at its other bounds can hold. */
const MAX_TOKENS = 300_000;

/** Each one that is wrong becomes an error with a stack of its own. */
const MAX_ESCAPES = 20_000;

/** Takes the text apart without composing anything, so that what would cost too much is refused first. */
export function tokensOf(text: string): readonly CST.Token[] | Flaw {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  let escapes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    if (lexeme.startsWith('"')) escapes += lexeme.split('\\').length - 1;
    const span = { start: parser.offset, end: parser.offset };
    if (parser.stack.length > MAX_DEPTH) {
      return { code: 'too-deep', span, message: `Nested more than ${MAX_DEPTH} deep` };
    }
    if (count > MAX_TOKENS || escapes > MAX_ESCAPES) {
      const most = count > MAX_TOKENS ? `${MAX_TOKENS} pieces` : `${MAX_ESCAPES} escapes`;
      return { code: 'too-large', span, message: `Made of more than ${most}` };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}
