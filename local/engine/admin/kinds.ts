import { readIsoTime } from '../../../shared/wire/iso-time.ts';
import type { JsonObject, JsonValue } from '../../../shared/wire/json.ts';

/** What a value from outside may be. It is read, or it is said what is wrong with it, and where. */
export interface Kind<T> {
  /** For people: `a whole number from 1 to 100`. */
  readonly is: string;
  read(given: JsonValue, at: string, problems: string[]): T | undefined;
  /** What a text of a query stands for, where it is not the text itself. */
  readonly fromQuery?: (text: string) => JsonValue;
}

type Value<K> = K extends Kind<infer T> ? T : never;

const LATEST = Date.UTC(9999, 11, 31);

function kind<T>(
  is: string,
  accept: (given: JsonValue) => T | undefined,
  fromQuery?: (text: string) => JsonValue,
): Kind<T> {
  return {
    is,
    read(given, at, problems) {
      const value = accept(given);
      if (value === undefined) problems.push(`${at} has to be ${is}`);
      return value;
    },
    ...(fromQuery && { fromQuery }),
  };
}

export function text(is: string, fits: RegExp): Kind<string> {
  return kind(is, (given) => (typeof given === 'string' && fits.test(given) ? given : undefined));
}

export function textUpTo(length: number): Kind<string> {
  return kind(`a text of up to ${length} characters`, (given) =>
    typeof given === 'string' && given.length <= length ? given : undefined,
  );
}

export function number(min: number, max: number): Kind<number> {
  const between = (given: JsonValue) =>
    typeof given === 'number' && given >= min && given <= max ? given : undefined;
  return kind(`a number from ${min} to ${max}`, between, numberIn);
}

export function whole(min: number, max: number): Kind<number> {
  const between = (given: JsonValue) =>
    Number.isSafeInteger(given) && Number(given) >= min && Number(given) <= max
      ? Number(given)
      : undefined;
  return kind(`a whole number from ${min} to ${max}`, between, numberIn);
}

export const flag: Kind<boolean> = kind('true or false', (given) =>
  typeof given === 'boolean' ? given : undefined,
);

export function oneOf<const T extends string>(
  words: readonly T[],
  is = `one of ${words.join(', ')}`,
): Kind<T> {
  return kind(is, (given) => words.find((word) => word === given));
}

/** Milliseconds, or a text such as `2026-01-31T12:00:00Z`. */
export const moment: Kind<number> = kind('an ISO 8601 time or milliseconds since 1970', (given) => {
  const ms = typeof given === 'string' ? readIsoTime(given) : given;
  return typeof ms === 'number' && isMoment(ms) ? ms : undefined;
});

/** Between 1970 and 9999: what can be written in every format that has to be written. */
export function isMoment(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= LATEST;
}

/** A document that is kept as it is, such as a policy, as its JSON text. */
export const document: Kind<string> = kind('a JSON object', (given) =>
  isObject(given) ? JSON.stringify(given) : undefined,
);

export function listOf<T>(each: Kind<T>, max: number): Kind<readonly T[]> {
  const is = `a list of up to ${max}, each ${each.is}`;
  return {
    is,
    read(given, at, problems) {
      if (!Array.isArray(given) || given.length > max) {
        problems.push(`${at} has to be ${is}`);
        return undefined;
      }
      const values: T[] = [];
      for (const [index, entry] of given.entries()) {
        const value = each.read(entry, `${at}[${index}]`, problems);
        if (value !== undefined) values.push(value);
      }
      return values.length === given.length ? values : undefined;
    },
  };
}

interface Field<T> {
  readonly kind: Kind<T>;
  readonly says: string;
  readonly needed: boolean;
}

export function need<T>(kind: Kind<T>, says: string) {
  return { kind, says, needed: true } as const;
}

export function may<T>(kind: Kind<T>, says: string) {
  return { kind, says, needed: false } as const;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

export type ValuesOf<F extends Fields> = {
  readonly [Name in keyof F]: F[Name]['needed'] extends true
    ? Value<F[Name]['kind']>
    : Value<F[Name]['kind']> | undefined;
};

/** An object with these fields and no others. */
export interface Shape<T> extends Kind<T> {
  readonly fields: Fields;
}

export function shape<const F extends Fields>(fields: F): Shape<ValuesOf<F>> {
  const names = Object.keys(fields);
  return {
    is: names.length > 0 ? `an object with ${names.join(', ')}` : 'an object without fields',
    fields,
    read(given, at, problems) {
      if (!isObject(given)) {
        problems.push(`${at || 'the body'} has to be an object`);
        return undefined;
      }
      const before = problems.length;
      const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
      if (unknown !== undefined) problems.push(notKnown(under(at, unknown.slice(0, 60)), names));

      const values: Record<string, unknown> = {};
      for (const [name, { kind, needed }] of Object.entries(fields)) {
        const value = given[name];
        if (value !== undefined) values[name] = kind.read(value, under(at, name), problems);
        else if (needed) problems.push(`${under(at, name)} is missing: it has to be ${kind.is}`);
      }
      // Each field was read by its own kind, which the type of `fields` is made of.
      return problems.length > before ? undefined : (values as ValuesOf<F>);
    },
  };
}

function notKnown(name: string, names: readonly string[]): string {
  const there = names.length > 0 ? `there are ${names.join(', ')}` : 'there are none';
  return `${name} is no field here: ${there}`;
}

function under(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

export function isObject(given: JsonValue): given is JsonObject {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function numberIn(text: string): JsonValue {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
}
