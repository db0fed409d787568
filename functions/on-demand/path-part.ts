import { Fault } from '../../shared/core/fault.ts';

/**
 * A part of the path, decoded once, from the text of the request line: parsers of addresses resolve
 * `..` and so name another object. With `andMore`, all that follows it as well.
 */
export function pathPart(path: string, index: number, andMore: 'andMore' | 'alone'): string {
  const parts = path.split('/').slice(index);
  const raw = andMore === 'andMore' ? parts.join('/') : (parts[0] ?? '');
  try {
    return decodeURIComponent(raw);
  } catch (cause) {
    throw new Fault('URL_UNREADABLE', 'The path is not validly encoded', { cause });
  }
}
