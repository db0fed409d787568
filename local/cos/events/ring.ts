import type { Storage } from '../storage/storage.ts';
import type { Table, TableWrite } from '../storage/table.ts';
import { sortable } from './event-entry.ts';

/** How many are remembered. */
const REMEMBERED = 1_000;
const PAGE = 100;

/** A table that holds so many entries and forgets the oldest for the next. */
export class Ring<T extends { readonly id: string }> {
  readonly #name: string;
  readonly #table: Table<T>;
  #next: number;

  constructor(name: string, storage: Pick<Storage, 'table'>) {
    this.#name = name;
    this.#table = storage.table(name);
    const [last] = this.#table.range({ reverse: true, limit: 1 });
    this.#next = last ? Number(last[0]) + 1 : 0;
  }

  newestFirst(): Iterable<readonly [string, T]> {
    return newestFirst(this.#table);
  }

  find(id: string): readonly [place: string, entry: T] | undefined {
    for (const found of this.newestFirst()) if (found[1].id === id) return found;
    return undefined;
  }

  with(entry: T): readonly TableWrite[] {
    const place = this.#next++;
    const kept = { table: this.#name, key: sortable(place), value: entry };
    if (place < REMEMBERED) return [kept];
    return [kept, { table: this.#name, key: sortable(place - REMEMBERED), value: undefined }];
  }

  without(id: string): readonly TableWrite[] {
    const found = this.find(id);
    return found ? [{ table: this.#name, key: found[0], value: undefined }] : [];
  }
}

/** A table backwards, as far as it is asked for: a range would read all of it. */
export function* newestFirst<T>(table: Table<T>): Iterable<readonly [string, T]> {
  let to: string | undefined;
  for (;;) {
    const page = table.range({ reverse: true, limit: PAGE, ...(to !== undefined && { to }) });
    yield* page;
    to = page.at(-1)?.[0];
    if (page.length < PAGE) return;
  }
}
