import { Fault } from '../core/fault.ts';
import type { ObjectRef } from '../core/object-ref.ts';

/** No record of ours is longer; a step id holds two keys and a rule or the body of a job. */
const LONGEST_RECORD = 256 * 1024;

const LAST_DATE = 8.64e15;

/**
 * The fields of a record out of a store, read one by one. It lies in a bucket, so it may be anything:
 * only what is asked for by name and has the right type comes out.
 */
export class StoredRecord {
  readonly #what: string;
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(what: string, value: unknown) {
    this.#what = what;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Fault('RECORD_UNREADABLE', `This is no ${what}`);
    }
    this.#fields = new Map(Object.entries(value));
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === 'string' ? value : this.#refuse(name, 'a text');
  }

  /** A whole number from 0. */
  count(name: string): number {
    const value = this.#fields.get(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.#refuse(name, 'a whole number');
  }

  /** Milliseconds that a date can be made of. */
  time(name: string): number {
    const value = this.count(name);
    return value <= LAST_DATE ? value : this.#refuse(name, 'a time');
  }

  /** A number from 0. */
  amount(name: string): number {
    const value = this.#fields.get(name);
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    return this.#refuse(name, 'an amount');
  }

  flag(name: string): boolean {
    const value = this.#fields.get(name);
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.#fields.get(name);
    const word = words.find((one) => one === value);
    return word ?? this.#refuse(name, `one of ${words.join(', ')}`);
  }

  nested(name: string): StoredRecord {
    return new StoredRecord(`${this.#what}, ${name}`, this.#fields.get(name));
  }

  /** Records of one kind. */
  list(name: string): readonly StoredRecord[] {
    const value = this.#fields.get(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'a list');
    return value.map((one) => new StoredRecord(`${this.#what}, ${name}`, one));
  }

  texts(name: string): readonly string[] {
    const value = this.#fields.get(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'a list');
    return value.every((one) => typeof one === 'string') ? value : this.#refuse(name, 'texts');
  }

  objectRef(name: string): ObjectRef {
    const ref = this.nested(name);
    return { bucket: ref.text('bucket'), region: ref.text('region'), key: ref.text('key') };
  }

  #refuse(name: string, expected: string): never {
    throw new Fault('RECORD_UNREADABLE', `This is no ${this.#what}: ${name} is not ${expected}`, {
      detail: { what: this.#what, field: name },
    });
  }
}

/** The record in a text that was read from a store. */
export function readRecord(text: string, what: string): StoredRecord {
  if (text.length > LONGEST_RECORD) {
    throw new Fault('RECORD_UNREADABLE', `This is no ${what}: it has ${text.length} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Fault('RECORD_UNREADABLE', `This is no ${what}: it is not JSON`, { cause });
  }
  return new StoredRecord(what, value);
}
