import { sameObject } from '../../shared/core/object-ref.ts';
import { writeCopyResult } from '../../shared/wire/copy-object.ts';
import { copySourceOf } from './copy-source.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { descriptionIn } from './object-headers.ts';
import { type Description, type ObjectRecord, PLAIN } from './storage/object-record.ts';
import type { CopyOutcome, Stored } from './storage/objects.ts';
import { MAX_PUT_BYTES, raising, storedHeaders, writeCondition, xmlAnswer } from './stored.ts';
import { wholeSeconds } from './whole-seconds.ts';

/** A source that is overwritten while it is copied is looked up again this often. */
const TRIES = 5;

export const copyObject: CosOperation = {
  name: 'PutObjectCopy',
  method: 'PUT',
  on: 'object',
  header: 'x-cos-copy-source',
  action: 'cos:PutObject',
  async run(exchange) {
    const { service, bucket, key } = exchange;
    for (let tries = 0; tries < TRIES; tries++) {
      const source = copySourceOf(exchange);
      if (source.size > MAX_PUT_BYTES) throw new CosError('EntityTooLarge');
      const described = describedAnew(exchange, source);
      if (!described && sameObject(source, { bucket, key })) {
        throw new CosError('InvalidRequest', {
          message: 'A copy of an object onto itself has to change its metadata.',
        });
      }
      const outcome = await service.storage.objects.copy(source, bucket, key, {
        // An access list is the object's own: a copy of a public object is not public by that.
        describe: described ?? { acl: undefined },
        onlyIf: writeCondition(exchange.incoming.headers),
        also: raising(exchange, 'cos:ObjectCreated:Copy'),
      });
      if (outcome.status === 'source-gone') continue;
      const { record } = mustBeCopied(outcome);
      service.events.wake();
      return xmlAnswer(
        writeCopyResult('CopyObjectResult', {
          ...record,
          modified: wholeSeconds(record.modified),
        }),
        storedHeaders(record),
      );
    }
    throw new CosError('InternalError', { message: 'The copy source keeps changing.' });
  },
};

/** Nothing where all of it is taken from the source. */
function describedAnew(
  { incoming }: Exchange,
  source: ObjectRecord,
): Partial<Description> | undefined {
  const { headers } = incoming;
  const replaced = directive(headers['x-cos-metadata-directive'], 'x-cos-metadata-directive');
  const retagged = directive(headers['x-cos-tagging-directive'], 'x-cos-tagging-directive');
  const said = descriptionIn(headers);
  const { acl, storageClass, tags, ...about } = said;
  if (!replaced && !retagged && acl === undefined && storageClass === undefined) return undefined;
  return {
    ...(replaced ? { ...PLAIN, tags: source.tags, ...about } : {}),
    storageClass: storageClass ?? (replaced ? PLAIN.storageClass : source.storageClass),
    acl,
    tags: retagged ? (tags ?? []) : source.tags,
    writtenBy: '',
  };
}

function directive(value: string | undefined, name: string): boolean {
  if (!value || /^copy$/i.test(value)) return false;
  if (/^replaced?$/i.test(value)) return true;
  throw new CosError('InvalidArgument', {
    message: `${name} is Copy or Replaced, not "${value}".`,
  });
}

function mustBeCopied(outcome: Exclude<CopyOutcome, { status: 'source-gone' }>): Stored {
  if (outcome.status === 'stored') return outcome;
  throw new CosError(outcome.status === 'no-bucket' ? 'NoSuchBucket' : 'FileAlreadyExists');
}
