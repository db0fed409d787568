import { bytesOf, LONGEST_KEY, ODD_CHARACTER } from './key-fault.ts';
import { isPlaceholder } from './pattern.ts';

/** What is wrong with a pattern, whatever the source, and where in it. */
export interface PatternProblem {
  readonly at: number;
  readonly text: string;
  readonly because:
    | 'empty'
    | 'too-long'
    | 'odd-character'
    | 'unknown-placeholder'
    | 'stray-brace'
    | 'leading-slash'
    /** For some source, a folder or the name itself would be without a name. */
    | 'empty-segment'
    /** For some source, a folder or the name itself would be `.` or `..`. */
    | 'dotted-segment';
}

interface Piece {
  readonly at: number;
  readonly text: string;
  /** What stands between braces. */
  readonly inside?: string;
}

/** Everything a person should change before the pattern is used, in its order. */
export function patternProblems(pattern: string): readonly PatternProblem[] {
  if (pattern === '') return [{ at: 0, text: '', because: 'empty' }];
  if (bytesOf(pattern) > LONGEST_KEY) {
    return [{ at: 0, text: pattern.slice(0, 40), because: 'too-long' }];
  }
  const pieces = piecesOf(pattern);
  const problems = [...pieces.flatMap(pieceProblems), ...segmentProblems(pieces)];
  return problems.sort((one, other) => one.at - other.at);
}

function piecesOf(pattern: string): readonly Piece[] {
  return Array.from(
    pattern.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g),
    ({ 0: text, 1: inside, index }) => ({
      at: index,
      text,
      ...(inside !== undefined && { inside }),
    }),
  );
}

function pieceProblems({ at, text, inside }: Piece): PatternProblem[] {
  if (inside !== undefined) {
    return isPlaceholder(inside) ? [] : [{ at, text, because: 'unknown-placeholder' }];
  }
  if (text === '{' || text === '}') return [{ at, text, because: 'stray-brace' }];
  const odd = text.search(ODD_CHARACTER);
  if (odd < 0) return [];
  return [{ at: at + odd, text: text.charAt(odd), because: 'odd-character' }];
}

function segmentProblems(pieces: readonly Piece[]): PatternProblem[] {
  const segments = segmentsOf(pieces);
  return segments.flatMap((segment, index): PatternProblem[] => {
    const at = segment[0]?.at ?? 0;
    const text = segment.map((piece) => piece.text).join('');
    if (text === '' && index === 0) return [{ at: 0, text: '/', because: 'leading-slash' }];
    const takesItsSlashAlong = text === '{dir}' && index < segments.length - 1;
    if (takesItsSlashAlong) return [];
    if (leanestOf(segment) === '') return [{ at, text, because: 'empty-segment' }];
    const dotted = [leanestOf(segment), leanestOf(segment, 'x')].some((name) =>
      /^\.\.?$/.test(name),
    );
    return dotted ? [{ at, text, because: 'dotted-segment' }] : [];
  });
}

/** The pieces between slashes; of an empty segment, an empty piece that says where it is. */
function segmentsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.inside !== undefined) {
      segments.at(-1)?.push(piece);
      continue;
    }
    let { at } = piece;
    for (const [index, text] of piece.text.split('/').entries()) {
      if (index > 0) segments.push([]);
      if (text !== '' || index > 0) segments.at(-1)?.push({ at, text });
      at += text.length + 1;
    }
  }
  return segments;
}

/** A segment of the source that has no folder and, unless given, no ending. */
function leanestOf(segment: readonly Piece[], ext = ''): string {
  let name = '';
  for (const { text, inside } of segment) {
    if (inside === undefined) name += text;
    else if (inside === 'dir') continue;
    else if (inside !== 'ext') name += 'x';
    else if (ext !== '') name += ext;
    else if (name.endsWith('.')) name = name.slice(0, -1);
  }
  return name;
}
