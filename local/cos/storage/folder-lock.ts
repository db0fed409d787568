import { open, type RootDatabase } from 'lmdb';
import { Fault } from '../../../shared/core/fault.ts';
import { diskFault } from './disk-fault.ts';

const TRIES = 3;

/**
 * Holds the folder for this engine alone. It is a database that nobody writes to: whoever reads it
 * is listed in it, and the system itself takes a process off that list when it ends, however it
 * ends. So a killed engine leaves nothing to clear away, and no process id can be mistaken.
 */
export class FolderLock {
  readonly #db: RootDatabase;
  readonly #reading: { done(): void };

  private constructor(db: RootDatabase, reading: { done(): void }) {
    this.#db = db;
    this.#reading = reading;
  }

  static async take(folder: string, dataFolder: string): Promise<FolderLock> {
    for (let left = TRIES; left > 0; left--) {
      const lock = FolderLock.#enter(folder);
      if (lock.#isAlone()) return lock;
      await lock.release();
      // Two that start at the same moment see each other; one of them comes back first.
      if (left > 1) await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
    }
    throw new Fault('DATA_FOLDER_IN_USE', `Another engine works on ${dataFolder}`, {
      detail: { folder: dataFolder },
      hint: 'Stop the other engine, or start with --data on another folder or with --memory.',
    });
  }

  async release(): Promise<void> {
    this.#reading.done();
    await this.#db.close();
  }

  static #enter(folder: string): FolderLock {
    try {
      const db = open(folder, { noSync: true, overlappingSync: false, keyEncoding: 'binary' });
      const transaction = db.useReadTransaction();
      db.get(Buffer.from('reader'), { transaction });
      return new FolderLock(db, transaction);
    } catch (thrown) {
      throw diskFault(thrown, folder);
    }
  }

  /** One line heads the list, and every reader has one. */
  #isAlone(): boolean {
    this.#db.readerCheck();
    return this.#db.readerList().trim().split('\n').length === 2;
  }
}
