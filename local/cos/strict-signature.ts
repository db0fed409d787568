import {
  readStrictSignature,
  type StrictSignatureRule,
  writeStrictSignature,
} from '../../shared/wire/strict-signature.ts';
import type { Incoming } from '../server/incoming.ts';
import type { Authenticated } from './authenticate.ts';
import { CosError } from './errors.ts';
import type { CosOperation, CosService } from './exchange.ts';
import type { Query } from './query.ts';
import { xmlAnswer } from './stored.ts';
import { xmlBody } from './xml-body.ts';

const MAX_RULES = 10;

export const putStrictSignature: CosOperation = {
  name: 'PutBucketStrictSignature',
  method: 'PUT',
  on: 'bucket',
  query: 'strict-signature',
  action: 'cos:PutBucketStrictSignature',
  async run(exchange) {
    const rules = readStrictSignature(await xmlBody(exchange));
    if (rules.length > MAX_RULES) {
      throw new CosError('MalformedXML', { message: `There are at most ${MAX_RULES} rules.` });
    }
    const { service, bucket } = exchange;
    await service.storage.buckets.setDocument(bucket, 'strict-signature', rules);
    return { status: 200, headers: {} };
  },
};

export const getStrictSignature: CosOperation = {
  name: 'GetBucketStrictSignature',
  method: 'GET',
  on: 'bucket',
  query: 'strict-signature',
  action: 'cos:GetBucketStrictSignature',
  run: ({ service, bucket }) => xmlAnswer(writeStrictSignature(rulesOf(service, bucket))),
};

export const deleteStrictSignature: CosOperation = {
  name: 'DeleteBucketStrictSignature',
  method: 'DELETE',
  on: 'bucket',
  query: 'strict-signature',
  action: 'cos:DeleteBucketStrictSignature',
  async run({ service, bucket }) {
    await service.storage.buckets.setDocument(bucket, 'strict-signature', undefined);
    return { status: 204, headers: {} };
  },
};

function rulesOf({ storage }: CosService, bucket: string): readonly StrictSignatureRule[] {
  return (storage.buckets.document(bucket, 'strict-signature') as StrictSignatureRule[]) ?? [];
}

/** What a bucket demands to be signed must be signed, as far as the request has it. */
export function checkStrictSignature(
  service: CosService,
  bucket: string,
  operation: string,
  signed: Authenticated,
  { headers }: Incoming,
  query: Query,
): void {
  if (signed.caller.is === 'anonymous') return;
  for (const rule of rulesOf(service, bucket)) {
    const concerned = rule.actions.some(
      (action) => action === '*' || action.replace(/^(name\/)?cos:/, '') === operation,
    );
    if (!concerned) continue;
    const header = rule.headers
      .map((name) => name.toLowerCase())
      .find((name) => headers[name] !== undefined && !signed.signedHeaders.includes(name));
    if (header !== undefined) throw missing('header', header);
    const parameter = namesIn(rule, query).find(
      (name) => query.has(name) && !signed.signedParameters.includes(name.toLowerCase()),
    );
    if (parameter !== undefined) throw missing('param', parameter);
  }
}

/** Those of the signature itself are never signed. */
function namesIn(rule: StrictSignatureRule, query: Query): readonly string[] {
  if (!rule.params.includes('all')) return rule.params;
  return query.asked.map(({ name }) => name);
}

function missing(what: 'header' | 'param', name: string): CosError {
  return new CosError('AccessDenied', {
    message: `Strict signature missing ${what} that must be signed`,
    headers: { 'x-darkroom-difference': `${what} ${name} must be signed` },
  });
}
