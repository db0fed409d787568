import type { CheckCode } from './checks.ts';

/** From where to where something stands in the text, by offset; the end is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a value stands, and all that stands within it. */
export interface Spot {
  readonly value: Span;
  /** Its name, where it is a setting of a map. */
  readonly key?: Span;
  readonly children: ReadonlyMap<string | number, Spot>;
  /** A flaw was found here, so what the value seems to be says nothing. */
  readonly flawed: boolean;
}

/** What makes a text unreadable, or more than plain data, at its place. */
export interface Flaw {
  readonly code: CheckCode;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string;
}
