import type { JsonObject, JsonValue } from '../../shared/wire/json.ts';
import { isJsonObject } from '../../shared/wire/json-object.ts';
import { ApiError, type ApiErrorCode } from './api-error.ts';

interface TextLimits {
  readonly fits?: RegExp;
  readonly most?: number;
  /** What is answered where the value is none. */
  readonly code?: ApiErrorCode;
}

interface WholeLimits {
  readonly min: number;
  readonly max: number;
  readonly code?: ApiErrorCode;
}

/**
 * The parameters of a call, each read as what it has to be. Numbers may come as text: some clients
 * write all values so.
 */
export class Fields {
  readonly #values: JsonObject;
  readonly #under: string;

  constructor(values: JsonObject, under = '') {
    this.#values = values;
    this.#under = under;
  }

  has(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null;
  }

  /** As it was sent, for what is only kept. */
  value(name: string): JsonValue | undefined {
    return this.#values[name] ?? undefined;
  }

  text(name: string, { fits, most = 4096, code }: TextLimits = {}): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.#wrong(name, 'is not a text', code);
    if (value.length > most) throw this.#wrong(name, `has more than ${most} characters`, code);
    if (fits && !fits.test(value)) {
      throw this.#wrong(name, `cannot be ${JSON.stringify(value.slice(0, 100))}`, code);
    }
    return value;
  }

  needText(name: string, limits?: TextLimits): string {
    return this.text(name, limits) ?? this.#missing(name);
  }

  whole(name: string, { min, max, code }: WholeLimits): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) {
      if (number >= min && number <= max) return number;
    }
    throw this.#wrong(name, `is no whole number from ${min} to ${max}`, code);
  }

  needWhole(name: string, limits: WholeLimits): number {
    return this.whole(name, limits) ?? this.#missing(name);
  }

  oneOf<const T extends string>(
    name: string,
    words: readonly T[],
    code?: ApiErrorCode,
  ): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found) return found;
    throw this.#wrong(name, `is none of ${words.join(', ')}`, code);
  }

  object(name: string): Fields | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw this.#wrong(name, 'is no object');
    return new Fields(value, this.#path(name));
  }

  needObject(name: string): Fields {
    return this.object(name) ?? this.#missing(name);
  }

  objects(name: string, most: number, code?: ApiErrorCode): readonly Fields[] | undefined {
    return this.list(name, most, code)?.map((each, index) => {
      if (!isJsonObject(each)) throw this.#wrong(`${name}.${index}`, 'is no object', code);
      return new Fields(each, this.#path(`${name}.${index}`));
    });
  }

  list(name: string, most: number, code?: ApiErrorCode): readonly JsonValue[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#wrong(name, 'is no list', code);
    if (value.length > most) throw this.#wrong(name, `has more than ${most} entries`, code);
    return value;
  }

  /** Refuses what nobody knows, as the gateway does: it is a slip of the keyboard. */
  mustBeAmong(names: readonly string[]): void {
    const unknown = Object.keys(this.#values).find((name) => !names.includes(name));
    if (unknown === undefined) return;
    throw new ApiError(
      'UnknownParameter',
      `The parameter \`${this.#path(unknown.slice(0, 100))}\` is not recognized.`,
    );
  }

  #path(name: string): string {
    return this.#under === '' ? name : `${this.#under}.${name}`;
  }

  #missing(name: string): never {
    throw new ApiError(
      'MissingParameter',
      `The request is missing a required parameter \`${this.#path(name)}\`.`,
    );
  }

  #wrong(name: string, what: string, code: ApiErrorCode = 'InvalidParameterValue'): ApiError {
    return new ApiError(code, `The parameter \`${this.#path(name)}\` ${what}.`);
  }
}
