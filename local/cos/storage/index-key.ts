import { Fault } from '../../../shared/core/fault.ts';

/**
 * Bytes as a string: each character is one byte, 0 to 255. JavaScript compares such strings byte
 * by byte, and UTF-8 bytes are the order that lists promise; its own strings sort otherwise.
 */
export type ByteString = string;

const ASCII = /^[\x00-\x7f]*$/;

export function bytesOf(text: string): ByteString {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function textOf(bytes: ByteString): string {
  return ASCII.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The first byte string that is greater than everything that starts with this one. */
export function beyond(prefix: ByteString): ByteString {
  let end = prefix.length;
  while (prefix.charCodeAt(end - 1) === 0xff) end -= 1;
  return prefix.slice(0, end - 1) + String.fromCharCode(prefix.charCodeAt(end - 1) + 1);
}

/** The first byte string that is greater than this one. */
export function after(bytes: ByteString): ByteString {
  return `${bytes}\0`;
}

/** The one that sorts later. */
export function laterOf(one: ByteString, other: ByteString): ByteString {
  if (one > other) return one;
  return other;
}

/** The one that sorts earlier. */
export function earlierOf(one: ByteString, other: ByteString): ByteString {
  if (one > other) return other;
  return one;
}

// The first character of an index key says what the entry is about.
export const LAST_SEQ: ByteString = 'n';
const OBJECT = 'o';
const UPLOAD = 'u';
const PART = 'p';
const TABLE = 't';
const FOLDER = 'f';
const DROPPED = 'x';
const GROWING = 'g';

const MAX_KEY_BYTES = 850;
const MAX_TABLE_KEY_BYTES = 1024;
const BUCKET = /^[a-z0-9][a-z0-9.-]{0,99}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function objectsOf(bucket: string): ByteString {
  return `${OBJECT}${bucket}\0`;
}

export function objectKey(bucket: string, key: string): ByteString {
  return objectsOf(bucket) + bytesOf(key);
}

export function uploadsOf(bucket: string): ByteString {
  return `${UPLOAD}${bucket}\0`;
}

export const ALL_UPLOADS: ByteString = UPLOAD;

const UPLOAD_ID_LENGTH = 32;
const UPLOAD_ID = /^[0-9a-f]{32}$/;
const END_OF_KEY = '\0\x01';

/** Uploads sort by key, then by id, so the key needs an end that no byte of it can be taken for. */
export function escapeUploadKey(key: ByteString): ByteString {
  return key.includes('\0') ? key.replaceAll('\0', '\0\xff') : key;
}

export function uploadsOfKey(bucket: string, key: ByteString): ByteString {
  return uploadsOf(bucket) + escapeUploadKey(key) + END_OF_KEY;
}

export function uploadKey(bucket: string, key: string, id: string): ByteString {
  return uploadsOfKey(bucket, bytesOf(key)) + id;
}

export function isUploadId(id: string): boolean {
  return UPLOAD_ID.test(id);
}

/** The object's key, as bytes, in the index key of an upload. */
export function keyOfUpload(indexKey: ByteString): ByteString {
  const start = indexKey.indexOf('\0') + 1;
  const escaped = indexKey.slice(start, -(UPLOAD_ID_LENGTH + END_OF_KEY.length));
  return escaped.includes('\0') ? escaped.replaceAll('\0\xff', '\0') : escaped;
}

export function partsOf(upload: string): ByteString {
  return `${PART}${upload}`;
}

export function partKey(upload: string, number: number): ByteString {
  return partsOf(upload) + String.fromCharCode(number >> 8, number & 255);
}

export function tableEntries(table: string): ByteString {
  checkName(table, 'table');
  return `${TABLE}${table}\0`;
}

export function tableKey(table: string, key: string): ByteString {
  const bytes = bytesOf(key);
  if (bytes.length > MAX_TABLE_KEY_BYTES) throw invalid('key of a table', key.slice(0, 80));
  return tableEntries(table) + bytes;
}

export const ALL_FOLDERS: ByteString = FOLDER;
export const folderKey = (folder: string): ByteString => FOLDER + folder;

export const ALL_DROPPED: ByteString = DROPPED;
/** Bytes that are no longer needed and may still be there. */
export const droppedKey = (file: string): ByteString => DROPPED + file;

export const ALL_GROWING: ByteString = GROWING;
/** A file that may be longer than its record says, because something was being appended. */
export const growingKey = (file: string): ByteString => GROWING + file;

export function isKey(key: string): boolean {
  const { length } = bytesOf(key);
  return length >= 1 && length <= MAX_KEY_BYTES;
}

export function checkKey(key: string): void {
  if (!isKey(key)) throw invalid('key', key.slice(0, 80));
}

/** No key begins with more than a key can have. */
export function mayBeginKey(prefix: ByteString): boolean {
  return prefix.length <= MAX_KEY_BYTES;
}

/** As much of a marker as can matter: no key is longer, so keys sort against it the same way. */
export function markerBytes(marker: string): ByteString {
  return bytesOf(marker).slice(0, MAX_KEY_BYTES);
}

/** A name that may stand in an index key, and be a file of that name. */
export function checkBucketName(name: string): void {
  if (!BUCKET.test(name)) throw invalid('bucket', name.slice(0, 120));
}

export function checkName(name: string, what: string): void {
  if (!NAME.test(name)) throw invalid(what, name.slice(0, 80));
}

function invalid(what: string, name: string): Fault {
  return new Fault('STORAGE_NAME_INVALID', `No ${what} can be called "${name}"`, {
    detail: { what, name },
  });
}
