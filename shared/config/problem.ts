import type { CheckCode, Severity } from './checks.ts';

/** Where something stands in the rules file: `['rules', 0, 'when', 'prefix']`. */
export type Path = readonly (string | number)[];

/** What a check found, by its path; whoever knows the text makes a `Problem` of it. */
export interface Finding {
  readonly code: CheckCode;
  readonly path: Path;
  /** The name of the setting is what is wrong, rather than its value. */
  readonly at?: 'key';
  /** Only a part of the value is wrong: this text, that far into it. */
  readonly part?: { readonly at: number; readonly text: string };
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

/** Something wrong in a text that people wrote, at its place. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  /** How much of that line is meant. */
  readonly length: number;
  readonly severity: Severity;
  readonly code: CheckCode;
  readonly message: string;
  readonly hint?: string;
}

/** A value of the file as a message shows it: on one line and not too long. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 76)}...` : value);
  }
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return value === null || value === undefined ? 'nothing' : String(value);
}
