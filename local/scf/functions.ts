import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Storage } from '../cos/storage/storage.ts';
import type { FaultEffect } from '../server/faults.ts';
import { CodeFolders } from './code/code-folders.ts';
import { codeName, FunctionTables } from './function-tables.ts';
import {
  type FunctionName,
  type FunctionSettings,
  type FunctionState,
  functionKey,
  type StoredFunction,
} from './stored-function.ts';

export interface NewFunction extends FunctionName, FunctionSettings {
  readonly runtime: string;
  readonly tags: StoredFunction['tags'];
}

interface FunctionsOptions {
  readonly storage: Pick<Storage, 'table' | 'write'>;
  /** Where code is unpacked. */
  readonly folder: string;
  now(): number;
  /** Hears of each function that is ready to run, has changed, or is gone. */
  onChange(name: FunctionName): void;
}

const RETRIES = 2;
const MAX_AGE_SECONDS = 21_600;

/** The functions of the account, and what state each is in. */
export class Functions {
  readonly tables: FunctionTables;
  readonly #options: FunctionsOptions;
  readonly #folders: CodeFolders;
  readonly #settling = new Set<Promise<void>>();
  #stopping = stoppingOfMany();

  constructor(options: FunctionsOptions) {
    this.#options = options;
    this.tables = new FunctionTables(options.storage);
    this.#folders = new CodeFolders(options.folder);
  }

  /** Goes on with whatever was under way when the engine ended. */
  resume(): void {
    this.#stopping = stoppingOfMany();
    for (const stored of this.tables.all()) {
      if (stored.state === 'Creating' || stored.state === 'Updating') this.#settle(stored);
      this.#options.onChange(stored);
    }
  }

  /** Where the code of a function lies, unpacked. */
  folderOf({ code }: StoredFunction): Promise<string> {
    return this.#folders.folderOf(code, () => this.tables.zip(code));
  }

  async create(wanted: NewFunction, zip: Uint8Array, effect?: FaultEffect): Promise<void> {
    const now = this.#options.now();
    const stored: StoredFunction = {
      ...wanted,
      id: `lam-${randomBytes(6).toString('hex').slice(0, 8)}`,
      code: codeName(zip),
      codeBytes: zip.length,
      state: 'Creating',
      reason: '',
      revision: 1,
      retries: RETRIES,
      maxAgeSeconds: MAX_AGE_SECONDS,
      added: now,
      changed: now,
    };
    await this.#begin(stored, zip, effect);
  }

  /** A change that the function needs a moment for. */
  async update(
    before: StoredFunction,
    change: Partial<FunctionSettings>,
    { zip, effect }: { readonly zip?: Uint8Array; readonly effect?: FaultEffect | undefined } = {},
  ): Promise<void> {
    const code = zip ? { code: codeName(zip), codeBytes: zip.length } : {};
    const stored: StoredFunction = {
      ...before,
      ...change,
      ...code,
      state: 'Updating',
      reason: '',
      revision: before.revision + 1,
      changed: this.#options.now(),
    };
    await this.#begin(stored, zip, effect);
  }

  /** A change that counts at once. */
  async set(
    name: FunctionName,
    change: Partial<Pick<StoredFunction, 'retries' | 'maxAgeSeconds' | 'reserved'>>,
  ): Promise<void> {
    await this.tables.functions.update(
      functionKey(name),
      (stored) => stored && { ...stored, ...change },
    );
    this.#options.onChange(name);
  }

  async unreserve(name: FunctionName): Promise<void> {
    await this.tables.functions.update(functionKey(name), (stored) => {
      if (!stored) return undefined;
      const { reserved: _, ...rest } = stored;
      return rest;
    });
    this.#options.onChange(name);
  }

  async remove(name: FunctionName): Promise<void> {
    const unused = await this.tables.remove(name);
    this.#options.onChange(name);
    for (const code of unused) this.#folders.remove(code);
  }

  /** Resolves when no function is about to become active. */
  async settled(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling);
  }

  /** Leaves what is under way as it stands, for `resume` to go on with. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.settled();
  }

  async #begin(
    stored: StoredFunction,
    zip: Uint8Array | undefined,
    effect: FaultEffect | undefined,
  ): Promise<void> {
    const unused = await this.tables.keep(stored, zip);
    this.#settle(stored, effect);
    for (const code of unused) this.#folders.remove(code);
  }

  /** Leads a function to the end of its change, after whoever asked for it has an answer. */
  #settle(stored: StoredFunction, effect?: FaultEffect): void {
    const settling = this.#settled(stored, effect)
      // The engine stops, or its storage is at its end: the next start goes on with it.
      .catch(() => undefined)
      .finally(() => this.#settling.delete(settling));
    this.#settling.add(settling);
  }

  async #settled(stored: StoredFunction, effect: FaultEffect | undefined): Promise<void> {
    const wait = effect?.effect === 'slow-active' ? effect.ms : 0;
    await setTimeout(wait, undefined, { ref: false, signal: this.#stopping.signal });
    const { state, reason } = await this.#endOf(stored, effect);
    await this.tables.functions.update(functionKey(stored), (now) =>
      now?.revision === stored.revision ? { ...now, state, reason } : now,
    );
    this.#options.onChange(stored);
  }

  async #endOf(
    stored: StoredFunction,
    effect: FaultEffect | undefined,
  ): Promise<Pick<StoredFunction, 'state' | 'reason'>> {
    const failed: FunctionState = stored.state === 'Creating' ? 'CreateFailed' : 'UpdateFailed';
    if (effect?.effect === 'fail-active') return { state: failed, reason: 'A fault on demand.' };
    try {
      await this.folderOf(stored);
      return { state: 'Active', reason: '' };
    } catch (thrown) {
      return { state: failed, reason: String(thrown).slice(0, 300) };
    }
  }
}

/** However many functions change at the same time, each listens: that is no leak. */
function stoppingOfMany(): AbortController {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  return stopping;
}
