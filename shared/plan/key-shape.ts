/** One thing a key may have at a place; `fork` goes on at any of these distances from itself. */
export type Unit =
  | { readonly is: 'char'; readonly char: string }
  /** One character, but no slash. */
  | { readonly is: 'one' }
  /** One character, but neither a slash nor a dot. */
  | { readonly is: 'plain' }
  /** Any run of characters without a slash, also none. */
  | { readonly is: 'within' }
  /** Any run of characters, also none. */
  | { readonly is: 'across' }
  | { readonly is: 'fork'; readonly to: readonly number[] };

/** What keys may look like: globs, prefixes and target patterns all become one of these. */
export type Shape = readonly Unit[];

export const ONE: Unit = { is: 'one' };
export const WITHIN: Unit = { is: 'within' };
export const ACROSS: Unit = { is: 'across' };
export const PLAIN: Unit = { is: 'plain' };

/** One or more characters, none of them a slash or a dot. */
export const PLAIN_RUN: Shape = [PLAIN, { is: 'fork', to: [1, -1] }];

/** Exactly these characters. */
export function text(characters: string): Shape {
  return Array.from(characters, (char) => ({ is: 'char', char }));
}

/** This, or nothing. */
export function maybe(shape: Shape): Shape {
  return [{ is: 'fork', to: [1, shape.length + 1] }, ...shape];
}

/** Any of these; of no shapes at all: nothing fits. */
export function anyOf(shapes: readonly Shape[]): Shape {
  const [only] = shapes;
  if (only && shapes.length === 1) return only;
  const whole = shapes.reduce((length, shape) => length + shape.length + 1, 1);
  const units: Unit[] = [];
  const to: number[] = [];
  for (const shape of shapes) {
    to.push(units.length + 1);
    for (const unit of shape) units.push(unit);
    units.push({ is: 'fork', to: [whole - units.length - 1] });
  }
  return [{ is: 'fork', to }, ...units];
}

/** A key as people write them: no folder without a name, and a name that begins with no dot. */
export const ORDINARY: Shape = [
  { is: 'fork', to: [1, 5] },
  ONE,
  WITHIN,
  { is: 'char', char: '/' },
  { is: 'fork', to: [-4] },
  PLAIN,
  WITHIN,
];

/** The characters that every such key begins with. */
export function startOf(shape: Shape): string {
  return (
    certainRuns(shape)
      .find(({ at }) => at === 0)
      ?.run.join('') ?? ''
  );
}

/** The characters that every such key ends with. */
export function endOf(shape: Shape): string {
  const last = certainRuns(shape).at(-1);
  return last && last.at + last.run.length === shape.length ? last.run.join('') : '';
}

/** The longest text that stands somewhere in every such key. */
export function longestText(shape: Shape): string {
  return certainRuns(shape)
    .map(({ run }) => run.join(''))
    .reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}

/** Characters in a row that no fork can jump over, and at which unit they begin. */
function certainRuns(shape: Shape): readonly { readonly at: number; readonly run: string[] }[] {
  const runs: { readonly at: number; readonly run: string[] }[] = [];
  let open: string[] | undefined;
  let certainFrom = 0;
  for (const [at, unit] of shape.entries()) {
    if (unit.is === 'fork') for (const by of unit.to) certainFrom = Math.max(certainFrom, at + by);
    if (unit.is !== 'char' || at < certainFrom) open = undefined;
    else if (open) open.push(unit.char);
    else {
      open = [unit.char];
      runs.push({ at, run: open });
    }
  }
  return runs;
}
