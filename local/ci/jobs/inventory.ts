import { gunzipSync } from 'node:zlib';
import { type JsonValue, readJson } from '../../../shared/wire/json.ts';
import { isJsonObject } from '../../../shared/wire/json-object.ts';
import { percentDecoded } from '../../../shared/wire/object-url.ts';
import { JobError } from './job-error.ts';

/** What the `manifest.json` of an inventory says about its reports. */
export interface InventoryManifest {
  /** Where `Bucket` and `Key` stand in a line. */
  readonly keyColumn: number;
  readonly bucketColumn: number;
  /** Keys of the reports, in the bucket of the manifest. */
  readonly files: readonly string[];
}

const MOST_FILES = 1000;
const MOST_UNPACKED = 128 * 1024 * 1024;

export function readManifest(bytes: Uint8Array): InventoryManifest {
  const root = readJson(bytes);
  if (!isJsonObject(root)) throw unreadable('it is no JSON object');
  if (root['fileFormat'] !== 'CSV') throw unreadable('its fileFormat is not CSV');
  const schema = typeof root['fileSchema'] === 'string' ? root['fileSchema'] : '';
  const columns = schema.split(',').map((name) => name.trim().toLowerCase());
  const keyColumn = columns.indexOf('key');
  if (keyColumn < 0) throw unreadable('its fileSchema has no Key');
  return { keyColumn, bucketColumn: columns.indexOf('bucket'), files: filesIn(root['files']) };
}

/** The keys of one report that are about this bucket. Reports are gzipped CSV, keys encoded. */
export function readReport(
  bytes: Uint8Array,
  { keyColumn, bucketColumn }: InventoryManifest,
  bucket: string,
): readonly string[] {
  const keys: string[] = [];
  for (const line of unpacked(bytes).split(/\r?\n/)) {
    if (line === '') continue;
    const fields = fieldsIn(line);
    const of = bucketColumn < 0 ? undefined : fields[bucketColumn];
    // Some reports name a bucket without its account.
    if (of !== undefined && of !== bucket && !bucket.startsWith(`${of}-`)) continue;
    const key = fields[keyColumn];
    if (key !== undefined && key !== '') keys.push(percentDecoded(key));
  }
  return keys;
}

function filesIn(files: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(files)) throw unreadable('it lists no files');
  if (files.length > MOST_FILES) throw unreadable(`it lists more than ${MOST_FILES} files`);
  return files.map((file) => {
    const key = isJsonObject(file) ? file['key'] : undefined;
    if (typeof key !== 'string' || key === '') throw unreadable('one of its files has no key');
    return key;
  });
}

function unpacked(bytes: Uint8Array): string {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const plain = zipped ? gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED }) : bytes;
    return Buffer.from(plain).toString('utf8');
  } catch (thrown) {
    throw unreadable(
      `a report cannot be unpacked: ${thrown instanceof Error ? thrown.message : ''}`,
    );
  }
}

/** Quoted or not; a quote inside quotes is doubled. */
function fieldsIn(line: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const quoted = line[at] === '"';
    let end = quoted ? at + 1 : line.indexOf(',', at);
    if (!quoted) {
      if (end === -1) end = line.length;
      fields.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    for (;;) {
      end = line.indexOf('"', end);
      if (end === -1) end = line.length;
      if (line[end + 1] !== '"') break;
      end += 2;
    }
    fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
    const comma = line.indexOf(',', end);
    at = comma === -1 ? line.length + 1 : comma + 1;
  }
  return fields;
}

function unreadable(why: string): JobError {
  return new JobError('InvalidArgument', `The manifest cannot be used: ${why}.`);
}
