import {
  type CorsConfiguration,
  type CorsRule,
  readCorsConfiguration,
  writeCorsConfiguration,
} from '../../shared/wire/cors-configuration.ts';
import { matchesWildcard } from '../cam/wildcard.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import { checkCors } from './check-cors.ts';
import { CosError } from './errors.ts';
import type { CosOperation, CosService } from './exchange.ts';
import { xmlAnswer } from './stored.ts';
import { xmlBody } from './xml-body.ts';

export const putBucketCors: CosOperation = {
  name: 'PutBucketCORS',
  method: 'PUT',
  on: 'bucket',
  query: 'cors',
  action: 'cos:PutBucketCORS',
  async run(exchange) {
    const configuration = readCorsConfiguration(await xmlBody(exchange));
    checkCors(configuration);
    await exchange.service.storage.buckets.setDocument(exchange.bucket, 'cors', configuration);
    return { status: 200, headers: {} };
  },
};

export const getBucketCors: CosOperation = {
  name: 'GetBucketCORS',
  method: 'GET',
  on: 'bucket',
  query: 'cors',
  action: 'cos:GetBucketCORS',
  run({ service, bucket }) {
    const configuration = corsOf(service, bucket);
    if (!configuration) throw new CosError('NoSuchCORSConfiguration');
    return xmlAnswer(writeCorsConfiguration(configuration));
  },
};

export const deleteBucketCors: CosOperation = {
  name: 'DeleteBucketCORS',
  method: 'DELETE',
  on: 'bucket',
  query: 'cors',
  action: 'cos:DeleteBucketCORS',
  async run({ service, bucket }) {
    await service.storage.buckets.setDocument(bucket, 'cors', undefined);
    return { status: 204, headers: {} };
  },
};

function corsOf({ storage }: CosService, bucket: string): CorsConfiguration | undefined {
  return storage.buckets.document(bucket, 'cors') as CorsConfiguration | undefined;
}

/** The answer to a browser that asks before it sends: signed by nobody, allowed by a rule. */
export function preflight(service: CosService, bucket: string, { headers }: Incoming): Answer {
  const origin = headers['origin'] ?? '';
  const method = headers['access-control-request-method'] ?? '';
  const wanted = namesIn(headers['access-control-request-headers']);
  const rule = corsOf(service, bucket)?.rules.find(
    (each) =>
      allows(each, origin, method) &&
      wanted.every((name) => each.allowedHeaders.some((allowed) => fits(allowed, name))),
  );
  if (!rule || origin === '' || method === '') {
    throw new CosError('AccessForbidden', {
      message: `CORSResponse: No CORS rule of ${bucket} allows ${method || 'this'} from ${origin || 'no origin'}.`,
    });
  }
  return {
    status: 200,
    headers: {
      ...allowing(rule, origin),
      'Access-Control-Allow-Methods': rule.allowedMethods.join(','),
      'Access-Control-Allow-Headers': wanted.join(','),
      ...(rule.maxAgeSeconds === undefined ? {} : { 'Access-Control-Max-Age': rule.maxAgeSeconds }),
    },
  };
}

/** What a page of another origin may see of an answer; nothing where no rule fits. */
export function corsHeaders(
  service: CosService,
  bucket: string,
  { headers, method }: Incoming,
): Record<string, string> {
  const origin = headers['origin'];
  if (!origin) return {};
  const rule = corsOf(service, bucket)?.rules.find((each) => allows(each, origin, method));
  return rule ? allowing(rule, origin) : {};
}

function allows(rule: CorsRule, origin: string, method: string): boolean {
  return (
    rule.allowedMethods.includes(method) &&
    rule.allowedOrigins.some((allowed) => matchesWildcard(allowed, origin))
  );
}

/** What a browser client cannot do without, whether or not the rule thought of it. */
const ALWAYS_EXPOSED = ['ETag', 'x-cos-request-id'];

function allowing(rule: CorsRule, origin: string): Record<string, string> {
  const known = new Set(rule.exposeHeaders.map((name) => name.toLowerCase()));
  const more = ALWAYS_EXPOSED.filter((name) => !known.has(name.toLowerCase()));
  const anybody = rule.allowedOrigins.includes('*');
  return {
    'Access-Control-Allow-Origin': anybody ? '*' : origin,
    'Access-Control-Expose-Headers': [...rule.exposeHeaders, ...more].join(','),
    Vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function fits(allowed: string, name: string): boolean {
  return matchesWildcard(allowed.toLowerCase(), name.toLowerCase());
}

function namesIn(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
