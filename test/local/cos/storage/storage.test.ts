import { describe } from 'vitest';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import { memoryStorage } from '../../../../local/cos/storage/memory-storage.ts';
import { temporaryFolder } from './helpers.ts';
import { storageContract } from './storage-contract.ts';

describe('storage in memory', () =>
  storageContract(async ({ clock }) => {
    const storage = memoryStorage({ clock });
    return { storage, end: () => storage.close() };
  }));

describe.for([false, true])('storage in a folder, with sync: %s', (sync) =>
  storageContract(async ({ clock }) => {
    const folder = temporaryFolder();
    const storage = await folderStorage(folder.path, { clock, sync });
    const end = async () => {
      await storage.close();
      folder.remove();
    };
    return { storage, end };
  }),
);
