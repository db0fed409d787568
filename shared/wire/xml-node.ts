import { Fault } from '../core/fault.ts';
import { readIsoTime } from './iso-time.ts';

/**
 * One element of a document that was read. What is missing is `undefined`, what is empty is `''`,
 * and what may occur many times is always a list: no reader has to ask which of them it got.
 */
export class XmlNode {
  readonly name: string;
  readonly #text: string;
  readonly #elements: readonly XmlNode[];

  constructor(name: string, text: string, elements: readonly XmlNode[]) {
    this.name = name;
    this.#text = text;
    this.#elements = elements;
  }

  /** Every element directly inside, in order: for bodies whose names are not all known. */
  get elements(): readonly XmlNode[] {
    return this.#elements;
  }

  /** The text inside, to the last space. White space between elements is no text. */
  get value(): string {
    if (this.#elements.length === 0) return this.#text;
    throw this.#unreadable(`<${this.name}> holds elements where we expect text`);
  }

  children(name: string): readonly XmlNode[] {
    return this.#elements.filter((element) => element.name === name);
  }

  /** The only element of that name. Two of them are refused: nobody could say which one is meant. */
  child(name: string): XmlNode | undefined {
    const [first, second] = this.children(name);
    if (second === undefined) return first;
    throw this.#unreadable(`<${this.name}> holds more than one <${name}>`);
  }

  text(name: string): string | undefined {
    return this.child(name)?.value;
  }

  required(name: string): string {
    return this.#present(name, this.text(name));
  }

  /** A whole number; a missing or empty element is no number. */
  number(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined || text === '') return undefined;
    const number = Number(text);
    if (/^[0-9]{1,16}$/.test(text) && Number.isSafeInteger(number)) return number;
    throw this.#unreadable(`<${name}> of <${this.name}> is not a whole number`);
  }

  requiredNumber(name: string): number {
    return this.#present(name, this.number(name));
  }

  /** A moment in milliseconds; a missing or empty element is none. */
  time(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined || text === '') return undefined;
    const time = readIsoTime(text);
    if (time !== undefined) return time;
    throw this.#unreadable(`<${name}> of <${this.name}> is not a time`);
  }

  requiredTime(name: string): number {
    return this.#present(name, this.time(name));
  }

  /** `true` or `false` in any case; a missing or empty element is neither. */
  flag(name: string): boolean | undefined {
    const text = this.text(name)?.trim().toLowerCase();
    if (text === undefined || text === '') return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    throw this.#unreadable(`<${name}> of <${this.name}> is neither true nor false`);
  }

  #present<T>(name: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw this.#unreadable(`<${this.name}> has no <${name}>`);
  }

  #unreadable(message: string): Fault {
    return new Fault('XML_UNREADABLE', message, { detail: { element: this.name } });
  }
}
