import { getSystemErrorName } from 'node:util';
import { Fault } from '../../../shared/core/fault.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** LMDB copies itself without giving a code when that fails. */
const NO_CODE_BUT_FULL = /no space left/i;
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/** The code the file system gave, such as ENOENT. LMDB gives its number, and negative ones of its own. */
export function diskCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  const { code } = thrown;
  if (typeof code === 'number' && code > 0) return getSystemErrorName(-code);
  return typeof code === 'string' ? code : undefined;
}

/** What a failure of the file system means for whoever asked us to keep something. */
export function diskFault(cause: unknown, path: string): Fault {
  if (cause instanceof Fault) return cause;
  const code = diskCode(cause) ?? '';
  const options = { detail: { path, code }, cause };
  if (FULL.has(code) || NO_CODE_BUT_FULL.test(String(cause))) {
    return new Fault('STORAGE_FULL', `No room is left to write ${path}`, {
      ...options,
      hint: 'Make room on the disk, or start with --data on another one.',
    });
  }
  if (UNWRITABLE.has(code)) {
    return new Fault('DATA_FOLDER_UNWRITABLE', `Cannot write ${path} (${code})`, {
      ...options,
      hint: 'Let this user write the folder, or start with --data on another one.',
    });
  }
  return new Fault('STORAGE_INTERRUPTED', `Cannot reach ${path}: ${String(cause)}`, options);
}
