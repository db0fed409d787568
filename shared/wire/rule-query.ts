import { Fault } from '../core/fault.ts';
import { type PicRule, type RuleOption, readRule, ruleOf, writeRule } from './rule-text.ts';

/** In an address a bare name is as likely a sub-resource (`acl`), so only these start a pipeline. */
const STARTS_A_PIPELINE =
  /^(?:exif|imageAve|imageInfo|imageMogr2|imageSlim|imageView2|style|watermark)(?:[/|]|$)/;

/** Of the request and its signature, which share the query with the options. */
const OF_THE_REQUEST = /^(?:$|(?:q-|x-cos-|x-ci-|response-)|(?:sign|versionId)$)/i;

/**
 * What a download asks for, from the decoded pairs of its query; nothing when it only asks for the
 * object. Parameters may be appended to a signed address, so the order means nothing.
 */
export function readRuleQuery(query: readonly RuleOption[]): PicRule | undefined {
  const pairs = query.filter(([name]) => !OF_THE_REQUEST.test(name));
  const operations = pairs.filter(([name]) => name === 'ci-process');
  const pipelines = pairs.filter(([name]) => STARTS_A_PIPELINE.test(name));
  if (operations.length + pipelines.length > 1) {
    throw new Fault('PIC_OPERATIONS_INVALID', 'An address asks for more than one operation');
  }

  const [operation] = operations;
  if (operation) {
    const options = pairs.filter(([name]) => name !== 'ci-process');
    return ruleOf(operation[1].trim(), options.map(trimmed));
  }
  const [pipeline] = pipelines;
  return pipeline ? readRule(joined(pipeline)) : undefined;
}

/** The same rule as pairs for a query, not yet encoded. */
export function writeRuleQuery(rule: PicRule): readonly RuleOption[] {
  const text = writeRule(rule);
  return rule.kind === 'ci-process'
    ? [['ci-process', rule.operation], ...rule.options]
    : [[text, '']];
}

function trimmed([name, value]: RuleOption): RuleOption {
  return [name, value.trim()];
}

/** Padded Base64 in a pipeline was split at its first `=`, for a query knows no better. */
function joined([name, value]: RuleOption): string {
  return value === '' ? name : `${name}=${value}`;
}
