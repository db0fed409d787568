import { open } from 'node:fs/promises';
import { diskFault } from './disk-fault.ts';

/** What is in this file, or what this folder lists, survives a power cut from here on. */
export async function syncPath(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    await file.sync().finally(() => file.close());
  } catch (thrown) {
    throw diskFault(thrown, path);
  }
}
