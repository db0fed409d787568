import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { defined } from './defined.ts';
import { type JsonObject, type JsonValue, readJson } from './json.ts';
import { isJsonObject } from './json-object.ts';

const MAX_LENGTH = 256 * 1024;
/** More than any service takes; how many it does take is decided by whoever knows the operation. */
const MAX_RULES = 100;

/** The value of the header `Pic-Operations`, or of the form field of that name. */
export interface PicOperations {
  /** Whether the answer shall describe the original as a picture. */
  readonly wantsInfo: boolean;
  readonly rules: readonly PicOperation[];
}

/** One object to be written. `rule` is the text `readRule` reads. */
interface PicOperation {
  /** Missing: the bucket of the source. */
  readonly bucket?: string;
  readonly fileid: string;
  readonly rule: string;
  /** Stands in one old page, and nobody says what it does. */
  readonly ignoreError?: boolean;
}

export function readPicOperations(header: Body): PicOperations {
  const root = objectIn(parse(header), 'The header');
  const rules = root.rules ?? [];
  if (!Array.isArray(rules)) throw invalid('"rules" is no list');
  if (rules.length > MAX_RULES) throw invalid(`"rules" holds ${rules.length}`);
  return {
    wantsInfo: flagIn(root, 'is_pic_info') ?? false,
    rules: rules.map(readPicOperation),
  };
}

/** Headers are bytes and not text, so all that is not ASCII is written as `\uXXXX`. */
export function writePicOperations({ wantsInfo, rules }: PicOperations): string {
  for (const { bucket = '', fileid, rule } of rules) {
    if ([bucket, fileid, rule].some((text) => /\0|\p{Surrogate}/u.test(text))) {
      throw new Fault(
        'PIC_OPERATIONS_INVALID',
        'Pic-Operations hold no NUL and no half characters',
      );
    }
  }
  const header = JSON.stringify({
    is_pic_info: wantsInfo ? 1 : 0,
    rules: rules.map(({ bucket, fileid, rule, ignoreError }) => ({
      bucket,
      fileid,
      rule,
      'ignore-error': ignoreError === undefined ? undefined : Number(ignoreError),
    })),
  });
  return header.replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function readPicOperation(value: JsonValue, index: number): PicOperation {
  const what = `Rule ${index + 1}`;
  const rule = objectIn(value, what);
  return defined({
    bucket: textIn(rule, 'bucket') || undefined,
    fileid: requiredIn(rule, 'fileid', what),
    rule: requiredIn(rule, 'rule', what),
    ignoreError: flagIn(rule, 'ignore-error'),
  });
}

function parse(header: Body): JsonValue {
  try {
    return readJson(header, { maxLength: MAX_LENGTH });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'JSON_UNREADABLE') throw thrown;
    throw new Fault('PIC_OPERATIONS_INVALID', `Pic-Operations cannot be read: ${thrown.message}`, {
      detail: thrown.detail,
      cause: thrown,
    });
  }
}

function objectIn(value: JsonValue, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalid(`${what} is no object`);
}

function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`"${name}" is no text`);
}

function requiredIn(rule: JsonObject, name: string, what: string): string {
  const text = textIn(rule, name);
  if (text === undefined || text === '') throw invalid(`${what} has no "${name}"`);
  return text;
}

/** 1 or 0, which some clients send as text, and some as true or false. */
function flagIn(object: JsonObject, name: string): boolean | undefined {
  const value = object[name] ?? '';
  const text = typeof value === 'object' ? 'a list or object' : String(value).trim();
  if (text === '') return undefined;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw invalid(`"${name}" is neither 1 nor 0`);
}

function invalid(why: string): Fault {
  return new Fault('PIC_OPERATIONS_INVALID', `Pic-Operations cannot be read: ${why}`);
}
