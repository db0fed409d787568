import type { ByteString } from './index-key.ts';
import { type ObjectRecord, readRecord } from './object-record.ts';
import type { OrderedIndex } from './ordered-index.ts';

const MOST = 4096;

/** Records of objects as the index has them; those that were asked for lately need not be read again. */
export class RecentRecords {
  readonly #index: OrderedIndex;
  readonly #records = new Map<ByteString, ObjectRecord>();

  constructor(index: OrderedIndex) {
    this.#index = index;
  }

  get(key: ByteString): ObjectRecord | undefined {
    const known = this.#records.get(key);
    if (known) return known;
    const text = this.#index.get(key);
    if (text === undefined) return undefined;
    const record = readRecord(text);
    const [oldest] = this.#records.keys();
    if (this.#records.size >= MOST && oldest !== undefined) this.#records.delete(oldest);
    this.#records.set(key, record);
    return record;
  }

  /** To be called when the index has something else under these keys, before anybody relies on it. */
  forget(keys: Iterable<ByteString>): void {
    for (const key of keys) this.#records.delete(key);
  }
}
