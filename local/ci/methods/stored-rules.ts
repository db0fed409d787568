import { Fault } from '../../../shared/core/fault.ts';
import { resolveFileid } from '../../../shared/wire/fileid.ts';
import { utf8Text } from '../../../shared/wire/percent.ts';
import { readPicOperations } from '../../../shared/wire/pic-operations.ts';
import { type PicRule, readRule } from '../../../shared/wire/rule-text.ts';
import type { ImageInfo, ProcessedObject } from '../../../shared/wire/upload-result.ts';
import { regionOf } from '../../cos/bucket.ts';
import { CosError } from '../../cos/errors.ts';
import type { Exchange } from '../../cos/exchange.ts';
import type { ObjectRecord } from '../../cos/storage/object-record.ts';
import { mustBeStored, raising } from '../../cos/stored.ts';
import type { PictureInfo } from '../operations-port.ts';
import { ciActionOf } from './actions.ts';
import { pictureBytes } from './bytes-of.ts';
import { ciOf } from './ci-of.ts';
import { mustBeAllowedCi } from './may-process.ts';
import { numbered, processError } from './process-error.ts';
import { processPicture } from './process-picture.ts';

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
  const { wantsInfo, rules } = readPicOperations(utf8Text(header));
  const { switches } = ciOf(exchange);
  if (rules.length > MAX_RULES)
    throw invalid(`There are ${rules.length} rules, and at most ${MAX_RULES}.`, -60997);
  const checked = rules.map(({ bucket = exchange.bucket, fileid, rule }): StoredRule => {
    const target = { rule: ruleOf(rule), bucket, key: keyOf(fileid, sourceKey) };
    if (!exchange.service.storage.buckets.get(bucket)) {
      throw invalid(`The bucket ${bucket} of a rule does not exist.`);
    }
    exchange.mustBeAllowed('cos:PutObject', target.key, bucket);
    if (switches.ciActionsOnPersist && target.rule.kind === 'ci-process') {
      const action = ciActionOf(target.rule.operation);
      if (action) mustBeAllowedCi(exchange, action);
    }
    return target;
  });
  const matting = checked.filter(
    ({ rule }) => rule.kind === 'ci-process' && rule.operation === 'AIPicMatting',
  );
  if (
    how === 'upload' &&
    switches.oneMattingRuleOnUpload &&
    matting.length > 0 &&
    checked.length > 1
  ) {
    throw invalid('While uploading, AIPicMatting takes one rule only.', -60997);
  }
  return { wantsInfo, rules: checked };
}

/** Runs the rules in order over a stored source. The first failure ends it; what was written stays. */
export async function runStoredRules(
  exchange: Exchange,
  { wantsInfo, rules }: StoredRules,
): Promise<Processed> {
  const ci = ciOf(exchange);
  const { service, bucket, key } = exchange;
  try {
    const { record, bytes } = await pictureBytes(exchange, { bucket, key }, 'stored');
    const imageInfo = wantsInfo ? imageInfoOf(await ci.operations.info(bytes)) : undefined;
    const results: ProcessedObject[] = [];
    for (const target of rules) {
      const done = await processPicture(ci, target.rule, bytes);
      const outcome = await service.storage.objects.put(target.bucket, target.key, done.output, {
        describe: { contentType: done.contentType, writtenBy: `ci ${done.engine}` },
        also: raising(exchange, 'cos:ObjectCreated:Put'),
      });
      const written = mustBeStored(outcome).record;
      service.events.wake();
      results.push({
        key: target.key,
        location: `${target.bucket}.cos.${regionOf(service, target.bucket)}.myqcloud.com/${target.key}`,
        format: done.info.format.toLowerCase(),
        width: done.info.width,
        height: done.info.height,
        size: written.size,
        quality: done.info.quality,
        etag: written.etag,
      });
    }
    const source = service.storage.objects.head(bucket, key) ?? record;
    return { ...(imageInfo ? { imageInfo } : {}), results, source };
  } catch (thrown) {
    throw processError(thrown, 'stored');
  }
}

function ruleOf(text: string): PicRule {
  try {
    const rule = readRule(text);
    if (rule.kind === 'style')
      throw new CosError('NotImplemented', { message: 'The engine does not keep styles.' });
    return rule;
  } catch (thrown) {
    throw thrown instanceof Fault ? invalid(thrown.message) : thrown;
  }
}

function keyOf(fileid: string, sourceKey: string): string {
  try {
    return resolveFileid(fileid, sourceKey);
  } catch (thrown) {
    throw thrown instanceof Fault ? invalid(thrown.message) : thrown;
  }
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
