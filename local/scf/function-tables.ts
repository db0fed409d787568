import { createHash } from 'node:crypto';
import type { Storage } from '../cos/storage/storage.ts';
import type { Table, TableWrite } from '../cos/storage/table.ts';
import {
  type FunctionName,
  functionKey,
  type StoredFunction,
  type StoredTrigger,
} from './stored-function.ts';

const FUNCTIONS = 'scf-functions';
const TRIGGERS = 'scf-triggers';
const CODE = 'scf-code';
const NAMESPACES = 'scf-namespaces';

export interface StoredNamespace {
  readonly name: string;
  readonly description: string;
  readonly added: number;
}

/** What of functions is kept: all of it is in snapshots, and there after a restart. */
export class FunctionTables {
  readonly #storage: Pick<Storage, 'table' | 'write'>;
  readonly functions: Table<StoredFunction>;
  readonly #triggers: Table<readonly StoredTrigger[]>;
  readonly #code: Table<string>;
  readonly #namespaces: Table<StoredNamespace>;

  constructor(storage: Pick<Storage, 'table' | 'write'>) {
    this.#storage = storage;
    this.functions = storage.table(FUNCTIONS);
    this.#triggers = storage.table(TRIGGERS);
    this.#code = storage.table(CODE);
    this.#namespaces = storage.table(NAMESPACES);
  }

  all(): readonly StoredFunction[] {
    return this.functions.range().map(([, stored]) => stored);
  }

  find(name: FunctionName): StoredFunction | undefined {
    return this.functions.get(functionKey(name));
  }

  zip(code: string): Uint8Array | undefined {
    const text = this.#code.get(code);
    return text === undefined ? undefined : Buffer.from(text, 'base64');
  }

  /** A function together with its code. What of code nobody needs any more goes with it. */
  async keep(stored: StoredFunction, zip?: Uint8Array): Promise<readonly string[]> {
    const key = functionKey(stored);
    const writes: TableWrite[] = [{ table: FUNCTIONS, key, value: stored }];
    if (zip)
      writes.push({ table: CODE, key: stored.code, value: Buffer.from(zip).toString('base64') });
    const unused = this.#unusedWithout(key, stored.code);
    await this.#storage.write([...writes, ...unused.map(noCode)]);
    return unused;
  }

  async remove(name: FunctionName): Promise<readonly string[]> {
    const key = functionKey(name);
    const unused = this.#unusedWithout(key, undefined);
    await this.#storage.write([
      { table: FUNCTIONS, key, value: undefined },
      { table: TRIGGERS, key, value: undefined },
      ...unused.map(noCode),
    ]);
    return unused;
  }

  triggersOf(name: FunctionName): readonly StoredTrigger[] {
    return this.#triggers.get(functionKey(name)) ?? [];
  }

  /** Reads and writes without anything in between. */
  async changeTriggers(
    name: FunctionName,
    change: (triggers: readonly StoredTrigger[]) => readonly StoredTrigger[],
  ): Promise<void> {
    await this.#triggers.update(functionKey(name), (triggers = []) => {
      const after = change(triggers);
      return after.length > 0 ? after : undefined;
    });
  }

  namespaces(region: string): readonly StoredNamespace[] {
    const kept = this.#namespaces.range({ prefix: `${region}:` }).map(([, stored]) => stored);
    return [{ name: 'default', description: '', added: 0 }, ...kept];
  }

  keepNamespace(region: string, stored: StoredNamespace): Promise<void> {
    return this.#namespaces.put(`${region}:${stored.name}`, stored);
  }

  removeNamespace(region: string, name: string): Promise<void> {
    return this.#namespaces.remove(`${region}:${name}`);
  }

  /** Code of this function that neither it nor another has from now on. */
  #unusedWithout(key: string, code: string | undefined): readonly string[] {
    const before = this.functions.get(key)?.code;
    if (before === undefined || before === code) return [];
    const others = this.functions.range().filter(([other]) => other !== key);
    return others.some(([, stored]) => stored.code === before) ? [] : [before];
  }
}

function noCode(code: string): TableWrite {
  return { table: CODE, key: code, value: undefined };
}

export function codeName(zip: Uint8Array): string {
  return createHash('sha256').update(zip).digest('hex');
}
