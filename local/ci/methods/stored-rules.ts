import { resolveFileid } from '../../../shared/wire/fileid.ts';
import { utf8Text } from '../../../shared/wire/percent.ts';
import { readPicOperations } from '../../../shared/wire/pic-operations.ts';
import { type PicRule, readRule } from '../../../shared/wire/rule-text.ts';
import type { ImageInfo, ProcessedObject } from '../../../shared/wire/upload-result.ts';
import { regionOf } from '../../cos/bucket.ts';
import { checkKey } from '../../cos/check-key.ts';
import type { CosError } from '../../cos/errors.ts';
import type { Exchange } from '../../cos/exchange.ts';
import type { ObjectRecord } from '../../cos/storage/object-record.ts';
import { mustBeStored, raising } from '../../cos/stored.ts';
import type { PictureInfo, PictureShape } from '../operations-port.ts';
import { ciActionOf } from './actions.ts';
import { pictureBytes } from './bytes-of.ts';
import { ciOf } from './ci-of.ts';
import { mustBeAllowedCi } from './may-process.ts';
import { numbered, processError } from './process-error.ts';
import { checkedRule, processPicture } from './process-picture.ts';

/** One rule, checked: what is done, and where the result is written. */
interface StoredRule {
  readonly rule: PicRule;
  readonly bucket: string;
  readonly key: string;
}

export interface StoredRules {
  readonly wantsInfo: boolean;
  readonly rules: readonly StoredRule[];
}

/** What came of the rules: the source as a picture where it was asked for, and every result. */
export interface Processed {
  readonly imageInfo?: ImageInfo;
  readonly results: readonly ProcessedObject[];
  /** The source as it stands afterwards: a rule may have overwritten it. */
  readonly source: ObjectRecord;
  /** What did the work. */
  readonly engine: string;
}

const MAX_RULES = 5;

/** All rules of a header, checked before anything is stored or paid. Nothing when there is none. */
export function storedRulesIn(
  exchange: Exchange,
  header: string | undefined,
  sourceKey: string,
  how: 'upload' | 'cloud',
): StoredRules | undefined {
  if (header === undefined || header === '') return undefined;
  const { switches } = ciOf(exchange);
  try {
    const { wantsInfo, rules } = readPicOperations(utf8Text(header));
    if (rules.length > MAX_RULES)
      throw invalid(`There are ${rules.length} rules, and at most ${MAX_RULES}.`, -60997);
    const checked = rules.map(
      ({ bucket = exchange.bucket, fileid, rule }): StoredRule => ({
        rule: checkedRule(readRule(rule), switches),
        bucket,
        key: keyOf(fileid, sourceKey),
      }),
    );
    if (how === 'upload' && switches.oneMattingRuleOnUpload && checked.length > 1) {
      mustNotMatt(checked);
    }
    for (const each of checked) mayWrite(exchange, each);
    // Where the original is stored anyway and nothing is asked, the answer is that of any upload.
    if (how === 'upload' && !wantsInfo && checked.length === 0) return undefined;
    return { wantsInfo, rules: checked };
  } catch (thrown) {
    throw processError(thrown, 'stored');
  }
}

function mustNotMatt(rules: readonly StoredRule[]): void {
  if (rules.some(({ rule }) => rule.kind === 'ci-process' && rule.operation === 'AIPicMatting')) {
    throw invalid('While uploading, AIPicMatting takes one rule only.', -60997);
  }
}

/** Into a bucket of this account, and one the caller may write to. */
function mayWrite(exchange: Exchange, { rule, bucket, key }: StoredRule): void {
  if (!exchange.service.storage.buckets.get(bucket)) {
    throw invalid(`The bucket ${bucket} of a rule does not exist.`);
  }
  exchange.mustBeAllowed('cos:PutObject', key, bucket);
  if (!ciOf(exchange).switches.ciActionsOnPersist || rule.kind !== 'ci-process') return;
  const action = ciActionOf(rule.operation);
  if (action) mustBeAllowedCi(exchange, action);
}

/** Runs the rules in order over a stored source. The first failure ends it; what was written stays. */
export async function runStoredRules(
  exchange: Exchange,
  { wantsInfo, rules }: StoredRules,
): Promise<Processed> {
  const ci = ciOf(exchange);
  const { service, bucket, key } = exchange;
  try {
    const { record, bytes } = await pictureBytes(exchange, { bucket, key });
    const imageInfo = wantsInfo ? imageInfoOf(await ci.operations.info(bytes)) : undefined;
    const results: ProcessedObject[] = [];
    let source = record;
    for (const target of rules) {
      const done = await processPicture(ci, target.rule, bytes);
      const outcome = await service.storage.objects.put(target.bucket, target.key, done.output, {
        describe: { contentType: done.contentType, writtenBy: `ci ${done.engine}` },
        also: raising(exchange, 'cos:ObjectCreated:Put'),
      });
      const written = mustBeStored(outcome).record;
      service.events.wake();
      if (target.bucket === bucket && target.key === key) source = written;
      results.push({ ...locationOf(exchange, target), ...shapeIn(done.info), ...sizeIn(written) });
    }
    const { name: engine } = ci.operations;
    return { ...(imageInfo ? { imageInfo } : {}), results, source, engine };
  } catch (thrown) {
    throw processError(thrown, 'stored');
  }
}

function locationOf({ service }: Exchange, { bucket, key }: StoredRule) {
  return { key, location: `${bucket}.cos.${regionOf(service, bucket)}.myqcloud.com/${key}` };
}

/** A number nobody knows is left out: there are clients that cannot read another. */
function shapeIn({ format, width, height, quality }: PictureShape) {
  if (format === '') return {};
  return { format: format.toLowerCase(), width, height, quality };
}

function sizeIn({ size, etag }: ObjectRecord) {
  return { size, etag };
}

function keyOf(fileid: string, sourceKey: string): string {
  const key = resolveFileid(fileid, sourceKey);
  try {
    checkKey(key);
  } catch {
    throw invalid('A fileid leads to a key that is too long.');
  }
  return key;
}

function invalid(message: string, number = -60998): CosError {
  return numbered('InvalidPicOperations', message, 'stored', number);
}

function imageInfoOf({
  format,
  width,
  height,
  quality,
  average,
  orientation,
}: PictureInfo): ImageInfo {
  return { format, width, height, quality, ave: average, orientation };
}
