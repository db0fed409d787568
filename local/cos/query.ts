import { type QueryParameter, readQuery } from '../../shared/wire/percent.ts';

const OF_A_SIGNATURE = /^(?:q-|sign$|x-c(?:os|i)-security-token$)/;

/** The parameters of a request. Empty ones are there, and read as empty texts. */
export class Query {
  readonly #parameters: readonly QueryParameter[];

  constructor(rawQuery: string) {
    this.#parameters = rawQuery === '' ? [] : readQuery(rawQuery);
  }

  has(name: string): boolean {
    return this.#parameters.some((parameter) => parameter.name === name);
  }

  /** Of a parameter that comes twice, the first. */
  get(name: string): string | undefined {
    return this.#parameters.find((parameter) => parameter.name === name)?.value;
  }

  /** What was asked for besides a signature. */
  get asked(): readonly QueryParameter[] {
    return this.#parameters.filter(({ name }) => !OF_A_SIGNATURE.test(name));
  }

  get all(): readonly QueryParameter[] {
    return this.#parameters;
  }
}
