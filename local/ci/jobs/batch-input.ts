import type { BatchJobRequest } from '../../../shared/wire/batch-job-request.ts';
import type { ObjectRecord } from '../../cos/storage/object-record.ts';
import { mayListAsRole, openAsRole } from './as-ci-role.ts';
import type { CiHost } from './ci-host.ts';
import { readManifest, readReport } from './inventory.ts';
import { JobError } from './job-error.ts';
import { objectIn } from './object-in.ts';
import { readWhole } from './read-whole.ts';
import type { StoredBatch } from './stored-batch.ts';

/** Some objects of a batch, and where the next begin. */
export interface BatchPage {
  readonly keys: readonly string[];
  /** Nothing when these are the last. */
  readonly next: string | undefined;
}

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_KEYS = 1_000_000;

/**
 * The objects of a batch, in pages. A list that stands in an object is read once and kept while the
 * batch goes on; after a start it is read again.
 */
export class BatchInput {
  readonly #host: CiHost;
  readonly #batch: StoredBatch;
  #keys: Promise<readonly string[]> | undefined;

  constructor(host: CiHost, batch: StoredBatch) {
    this.#host = host;
    this.#batch = batch;
  }

  async page(cursor: string | undefined, size: number): Promise<BatchPage> {
    const { by, value } = this.#batch.request.input;
    if (by === 'Prefix') return this.#underPrefix(value, cursor, size);
    this.#keys ??= this.#listed(by, value);
    const keys = await this.#keys;
    const from = Number(cursor ?? 0);
    const until = Math.min(keys.length, from + size);
    const { operation } = this.#batch.request;
    const dated = operation.uploadedFrom !== undefined || operation.uploadedUntil !== undefined;
    const page = keys.slice(from, until).filter((key) => !dated || this.#isDated(key));
    return { keys: page, next: until < keys.length ? String(until) : undefined };
  }

  #underPrefix(prefix: string, cursor: string | undefined, max: number): BatchPage {
    const { bucket, createdAt } = this.#batch;
    mayListAsRole(this.#host, bucket);
    const page = this.#host.storage.objects.list(bucket, { prefix, marker: cursor ?? '', max });
    const keys = page.objects
      // Folder markers are no objects anybody means, and what came later is not what was there:
      // without this a batch that writes below its own prefix would go on for ever.
      .filter(({ key, modified }) => !key.endsWith('/') && modified <= createdAt)
      .filter((record) => !isOutput(record, createdAt) && isWithin(record, this.#batch.request))
      .map(({ key }) => key);
    return { keys, next: page.next };
  }

  async #listed(by: 'Manifest' | 'Object' | 'UrlFile', value: string): Promise<readonly string[]> {
    if (by === 'Object') return [value];
    const { bucket } = this.#batch;
    const read = (key: string) => readWhole(openAsRole(this.#host, { bucket, key }), MOST_BYTES);
    if (by === 'UrlFile') return notTooMany(keysInUrlFile(await read(value), bucket));
    const manifest = readManifest(await read(value));
    let keys: readonly string[] = [];
    for (const file of manifest.files) {
      keys = notTooMany(keys.concat(readReport(await read(file), manifest, bucket)));
    }
    return keys;
  }

  #isDated(key: string): boolean {
    const record = this.#host.storage.objects.head(this.#batch.bucket, key);
    return record !== undefined && isWithin(record, this.#batch.request);
  }
}

function notTooMany(keys: readonly string[]): readonly string[] {
  if (keys.length <= MOST_KEYS) return keys;
  throw new JobError('InvalidArgument', `A batch has at most ${MOST_KEYS} objects.`);
}

/** One address on each line. One that names no object of the bucket stops the batch, by its number. */
function keysInUrlFile(bytes: Uint8Array, bucket: string): readonly string[] {
  const keys: string[] = [];
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const key = objectIn(bucket, line);
    if (key === undefined) {
      throw new JobError('InvalidArgument', `Line ${index + 1} names no object of ${bucket}.`);
    }
    keys.push(key);
  }
  return keys;
}

/** Written by a job in the very millisecond the batch was made. */
function isOutput({ modified, writtenBy }: ObjectRecord, createdAt: number): boolean {
  return modified === createdAt && writtenBy.startsWith('ci job ');
}

/** Dates have seconds, and an object shows the second it was uploaded in. */
function isWithin({ modified }: ObjectRecord, { operation }: BatchJobRequest): boolean {
  const { uploadedFrom = 0, uploadedUntil = Number.POSITIVE_INFINITY } = operation;
  return modified >= uploadedFrom && Math.floor(modified / 1000) * 1000 <= uploadedUntil;
}
