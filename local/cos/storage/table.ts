/** JSON values by name, in the order of the names' UTF-8 bytes. */
export interface Table<T> {
  get(key: string): T | undefined;
  range(options?: TableRange): readonly (readonly [key: string, value: T])[];
  put(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
  /** Reads and writes without anything in between; `undefined` leaves nothing there. */
  update(key: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined>;
}

export interface TableRange {
  /** Only keys that start so. */
  readonly prefix?: string;
  /** From this key on, itself included. */
  readonly from?: string;
  /** Up to this key, itself left out. */
  readonly to?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export interface TableWrite {
  readonly table: string;
  readonly key: string;
  /** A JSON value; `undefined` removes the entry. */
  readonly value: unknown;
}
