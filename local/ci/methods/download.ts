import { createHash } from 'node:crypto';
import { readRuleQuery, startsPipeline } from '../../../shared/wire/rule-query.ts';
import type { PicRule } from '../../../shared/wire/rule-text.ts';
import type { CosOperation, Exchange } from '../../cos/exchange.ts';
import { answerBytes } from '../../cos/get-object.ts';
import type { Query } from '../../cos/query.ts';
import type { Answer } from '../../server/answer.ts';
import type { CiService } from '../ci-service.ts';
import { OperationError } from '../operations-port.ts';
import { ciActionOf } from './actions.ts';
import { MAX_PICTURE_BYTES, pictureBytes } from './bytes-of.ts';
import { ciOf } from './ci-of.ts';
import { processedBy } from './cloud.ts';
import { mustBeAllowedCi } from './may-process.ts';
import { processError } from './process-error.ts';
import { checkedRule, processPicture } from './process-picture.ts';

/** Whether a query asks for processing; a bare `ci-process` with nothing behind it does as well. */
function asksForProcessing(query: Query): boolean {
  return query.all.some(({ name }) => name === 'ci-process' || startsPipeline(name));
}

/** `GET /<key>?ci-process=…`, or a pipeline: the processed bytes, and nothing is stored. */
export const processOnDownload: CosOperation = {
  name: 'GetObjectProcessed',
  method: 'GET',
  on: 'object',
  when: asksForProcessing,
  action: 'cos:GetObject',
  run: (exchange) => processed(exchange, exchange.key),
};

/** `GET /?ci-process=…&detect-url=…`: a picture from elsewhere. */
export const processAddress: CosOperation = {
  name: 'GetAddressProcessed',
  method: 'GET',
  on: 'bucket',
  when: asksForProcessing,
  action: 'cos:GetObject',
  run: (exchange) => processed(exchange, ''),
};

async function processed(exchange: Exchange, key: string): Promise<Answer> {
  const ci = ciOf(exchange);
  try {
    const rule = ruleIn(exchange.query);
    if (rule.kind === 'ci-process') {
      const action = ciActionOf(rule.operation);
      if (action) mustBeAllowedCi(exchange, action);
    }
    if (!isInfo(rule)) checkedRule(rule, ci.switches);
    const { input, modified } = await inputOf(exchange, ci, key);
    if (isInfo(rule)) return await infoAnswer(ci, input);
    const done = await processPicture(ci, rule, input);
    const etag = createHash('md5').update(done.output).digest('hex');
    const headers = { 'Content-Type': done.contentType, ...processedBy(done.engine) };
    return answerBytes(exchange, done.output, { etag, modified }, headers);
  } catch (thrown) {
    throw processError(thrown, 'download');
  }
}

/** The options without what belongs to the fetching; an empty option is an absent one. */
function ruleIn(query: Query): PicRule {
  const rule = readRuleQuery(query.all.filter(({ name }) => name !== 'detect-url'));
  if (rule) return rule;
  throw new OperationError('InvalidArgument', 'ci-process names no operation.');
}

async function inputOf(exchange: Exchange, ci: CiService, key: string) {
  const address = detectUrl(exchange.query);
  if (address !== undefined) {
    return { input: await ci.fetch(address, MAX_PICTURE_BYTES), modified: exchange.service.now() };
  }
  if (key === '') throw new OperationError('InvalidArgument', 'detect-url names no picture.');
  const { record, bytes } = await pictureBytes(exchange, { bucket: exchange.bucket, key });
  return { input: bytes, modified: record.modified };
}

/** Encoded once, twice or three times: pages and SDKs differ, so it is decoded until it is an address. */
function detectUrl(query: Query): string | undefined {
  let text = query.get('detect-url')?.trim() ?? '';
  if (text === '') return undefined;
  for (let times = 0; times < 4 && !/^https?:\/\//i.test(text); times++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  if (/^https?:\/\//i.test(text)) return text;
  throw new OperationError('InvalidArgument', 'detect-url is no http or https address.');
}

function isInfo(rule: PicRule): boolean {
  return (
    rule.kind === 'pipeline' &&
    rule.operations.length === 1 &&
    rule.operations[0]?.name === 'imageInfo'
  );
}

/** `?imageInfo`: JSON, every value a text. */
async function infoAnswer({ operations }: CiService, input: Uint8Array): Promise<Answer> {
  const info = await operations.info(input);
  const body = JSON.stringify({
    format: info.format.toLowerCase(),
    width: String(info.width),
    height: String(info.height),
    size: String(input.length),
    md5: createHash('md5').update(input).digest('hex'),
    frame_count: String(info.frames),
    photo_rgb: info.average,
  });
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', ...processedBy(operations.name) },
    body,
  };
}
