import { Fault } from '../core/fault.ts';
import type { QueryParameter } from './percent.ts';
import { type PicRule, readRule, ruleOf, writeRule } from './rule-text.ts';

/** In an address a bare name is as likely a sub-resource (`acl`), so only these start a pipeline. */
const STARTS_A_PIPELINE =
  /^(?:exif|imageAve|imageInfo|imageMogr2|imageSlim|imageView2|style|watermark)(?:[/|]|$)/;

/** Whether a parameter is a pipeline of picture operations, by its name. */
export function startsPipeline(name: string): boolean {
  return STARTS_A_PIPELINE.test(name);
}

/** Of the request and its signature, which share the query with the options. */
const OF_THE_REQUEST = /^(?:(?:q-|x-cos-|x-ci-|response-)|(?:sign|versionId)$)/i;

/**
 * What a download asks for, from its query; nothing when it only asks for the object. Parameters
 * may be appended to a signed address, so their order means nothing.
 */
export function readRuleQuery(query: readonly QueryParameter[]): PicRule | undefined {
  const given = query.filter(({ name }) => !OF_THE_REQUEST.test(name));
  const operations = given.filter(({ name }) => name === 'ci-process');
  const pipelines = given.filter(({ name }) => startsPipeline(name));
  if (operations.length + pipelines.length > 1) {
    throw new Fault('PIC_OPERATIONS_INVALID', 'An address asks for more than one operation');
  }

  const [operation] = operations;
  if (operation) {
    const options = given.filter((parameter) => parameter !== operation);
    return ruleOf(
      operation.value.trim(),
      options.map(({ name, value }) => [name.trim(), value.trim()]),
    );
  }
  const [pipeline] = pipelines;
  return pipeline ? readRule(joined(pipeline)) : undefined;
}

/** The same rule as parameters of a query, not yet encoded. */
export function writeRuleQuery(rule: PicRule): readonly QueryParameter[] {
  const text = writeRule(rule);
  if (rule.kind !== 'ci-process') return [{ name: text, value: '' }];
  const options = rule.options.map(([name, value]) => ({ name, value }));
  return [{ name: 'ci-process', value: rule.operation }, ...options];
}

/** Padded Base64 in a pipeline was split at its first `=`, for a query knows no better. */
function joined({ name, value }: QueryParameter): string {
  return value === '' ? name : `${name}=${value}`;
}
