import type { RuleOption } from '../../../shared/wire/rule-text.ts';
import { OperationError } from '../operations-port.ts';

/** The options of a rule, read one by one. What is asked for and cannot be is refused by its name. */
export class Options {
  readonly #values: ReadonlyMap<string, string>;
  readonly #operation: string;

  constructor(operation: string, options: readonly RuleOption[]) {
    this.#operation = operation;
    this.#values = new Map(options.map(([name, value]) => [name.toLowerCase(), value.trim()]));
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name.toLowerCase());
    return value === '' ? undefined : value;
  }

  flag(name: string): boolean {
    const value = this.text(name) ?? '0';
    if (value === '0' || value === '1') return value === '1';
    throw this.refused(name, '0 or 1');
  }

  whole(name: string, { or, min, max }: { or?: number; min: number; max: number }): number {
    const text = this.text(name);
    if (text === undefined) {
      if (or !== undefined) return or;
      throw new OperationError('InvalidArgument', `${this.#operation} needs ${name}`);
    }
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw this.refused(name, `a whole number from ${min} to ${max}`);
  }

  /** `10x20`, with or without spaces. */
  pair(name: string, max: number): readonly [number, number] {
    const text = this.text(name);
    if (text === undefined) return [0, 0];
    const [, one, other] = /^(\d{1,9})\s*x\s*(\d{1,9})$/i.exec(text) ?? [];
    const pair = [Number(one), Number(other)] as const;
    if (pair.every((value) => value <= max)) return pair;
    throw this.refused(name, `two numbers up to ${max}, such as 10x20`);
  }

  choice(name: string, of: readonly number[], or: number): number {
    const text = this.text(name);
    if (text === undefined) return or;
    const found = of.find((value) => String(value) === text);
    if (found !== undefined) return found;
    throw this.refused(name, of.join(', '));
  }

  refused(name: string, wanted: string): OperationError {
    const given = this.text(name);
    return new OperationError(
      'InvalidArgument',
      `${name} of ${this.#operation} is ${wanted}, not "${given}"`,
    );
  }
}
