import type { Source } from '../core/object-ref.ts';
import { keyFault } from './key-fault.ts';
import type { Template } from './rule.ts';

/** What a pattern may ask about its source; the answers are those of `in/shoes/red.boot.jpg`. */
export const PLACEHOLDERS = {
  dir: 'the folder: in/shoes',
  name: 'the name: red.boot.jpg',
  stem: 'the name without its ending: red.boot',
  ext: 'the ending: jpg',
  template: 'the name of the template',
  version: 'the version of the template',
  etag8: 'the first eight characters of the etag',
  yyyy: 'the year of Last-Modified, in UTC',
  mm: 'the month of Last-Modified, two digits',
  dd: 'the day of Last-Modified, two digits',
} as const;

export type Placeholder = keyof typeof PLACEHOLDERS;

/**
 * A part of a pattern. A folder of its own, `{dir}/`, takes its slash along, and `.{ext}` its dot:
 * where the source has no folder or no ending, these go too. So `cutouts/{dir}/{stem}.png` of
 * `mug.jpg` is `cutouts/mug.png`, and `{stem}.{ext}` is the name of every source.
 */
export type Part =
  | { readonly text: string }
  | { readonly placeholder: Placeholder; readonly along: '' | '/' | '.' };

/** What a pattern is asked about. */
export type Named = Pick<Source, 'key' | 'etag' | 'modified'>;

const IN_BRACES = /\{([^{}]*)\}/g;

/** The parts of a pattern. Braces around anything else stay text; `patternProblems` says so. */
export function patternParts(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  let text = '';
  let from = 0;
  const add = (part: Part) => {
    if (text !== '') parts.push({ text });
    text = '';
    parts.push(part);
  };
  for (const { 0: whole, 1: placeholder = '', index } of pattern.matchAll(IN_BRACES)) {
    text += pattern.slice(from, index);
    from = index + whole.length;
    if (!isPlaceholder(placeholder)) text += whole;
    else if (placeholder === 'ext' && text.endsWith('.')) {
      text = text.slice(0, -1);
      add({ placeholder, along: '.' });
    } else if (placeholder === 'dir' && pattern[from] === '/' && opensFolder(text, parts)) {
      add({ placeholder, along: '/' });
      from++;
    } else add({ placeholder, along: '' });
  }
  text += pattern.slice(from);
  return text === '' ? parts : [...parts, { text }];
}

export function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(PLACEHOLDERS, name);
}

/** Whether what comes next is the beginning of a folder's name. */
function opensFolder(text: string, parts: readonly Part[]): boolean {
  if (text !== '') return text.endsWith('/');
  const last = parts.at(-1);
  return last === undefined || ('along' in last && last.along === '/');
}

/** The key a pattern names for a source, or nothing where no object could be written there. */
export function keyFor(
  pattern: string,
  source: Named,
  template: Pick<Template, 'name' | 'version'>,
): string | undefined {
  // `/mug.jpg` would share its folder, the empty one, with `mug.jpg`; `in/` is a folder itself.
  if (source.key.startsWith('/') || nameOf(source.key) === '') return undefined;
  let key = '';
  for (const part of patternParts(pattern)) {
    if ('text' in part) {
      key += part.text;
      continue;
    }
    const value = answerTo(part.placeholder, source, template);
    if (value === undefined) return undefined;
    if (value !== '') key += part.along === '.' ? `.${value}` : value + part.along;
  }
  return keyFault(key) ? undefined : key;
}

function answerTo(
  placeholder: Placeholder,
  { key, etag, modified }: Named,
  { name: template, version }: Pick<Template, 'name' | 'version'>,
): string | undefined {
  switch (placeholder) {
    case 'dir':
      return key.slice(0, Math.max(key.lastIndexOf('/'), 0));
    case 'name':
      return nameOf(key);
    case 'stem':
      return nameOf(key).slice(0, endingAt(nameOf(key)));
    case 'ext':
      return nameOf(key).slice(endingAt(nameOf(key)) + 1);
    case 'template':
      return template;
    case 'version':
      return String(version);
    case 'etag8':
      return etag.slice(0, 8);
    default:
      return datePart(placeholder, new Date(modified));
  }
}

function datePart(part: 'yyyy' | 'mm' | 'dd', date: Date): string | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  if (part === 'yyyy') return String(date.getUTCFullYear()).padStart(4, '0');
  const number = part === 'mm' ? date.getUTCMonth() + 1 : date.getUTCDate();
  return String(number).padStart(2, '0');
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** Where the dot of the ending is. `.profile` and `notes.` have none: there, the name is over. */
function endingAt(name: string): number {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || dot === name.length - 1 ? name.length : dot;
}
