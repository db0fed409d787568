import * as z from 'zod';
import type { Operation } from '../operations/operation.ts';
import { outputsSchema } from './output-schema.ts';
import {
  BucketName,
  KeyPrefix,
  Name,
  oneOrMany,
  settings,
  TemplateKey,
  TemplateReference,
  text,
  textLike,
  WebAddress,
} from './schema-parts.ts';

const MAX_TEMPLATES = 200;
const MAX_RULES = 1000;

const Glob = text(1024);
const HeaderName = textLike(
  /^(?!x-cos-meta-)[a-z0-9][a-z0-9_-]{0,99}$/,
  'the name of user metadata in lower case, without x-cos-meta- in front',
);
const Bytes = z.int().min(0);

const When = settings({
  buckets: oneOrMany(BucketName, 50)
    .default([])
    .describe('Only objects of these source buckets; all of them where none is named'),
  prefix: oneOrMany(KeyPrefix, 100)
    .default([])
    .describe('The key begins with one of these: incoming/'),
  suffix: oneOrMany(text(100), 100).default([]).describe('The key ends with one of these: .jpg'),
  include: oneOrMany(Glob, 100)
    .default([])
    .describe(
      'The key matches one of these: * within a folder, ** across folders, ? one character',
    ),
  exclude: oneOrMany(Glob, 100).default([]).describe('The key matches none of these'),
  minBytes: Bytes.describe('Not smaller than this').exactOptional(),
  maxBytes: Bytes.describe('Not larger than this').exactOptional(),
  contentType: oneOrMany(
    textLike(
      /^[a-z0-9][a-z0-9.+-]{0,60}\/(?:\*|[a-z0-9][a-z0-9.+-]{0,60})$/,
      'a content type such as image/png or image/*',
    ),
    50,
  )
    .default([])
    .describe('One of these content types: image/png, image/*'),
  metadata: z
    .record(HeaderName, z.string().max(2048))
    .default({})
    .describe('User metadata that is there with exactly this value'),
  unlessMetadata: oneOrMany(HeaderName, 50)
    .default([])
    .describe('User metadata that keeps an object out, unless it says false, 0 or nothing'),
}).refine(({ minBytes = 0, maxBytes = Number.POSITIVE_INFINITY }) => minBytes <= maxBytes, {
  path: ['maxBytes'],
  error: 'is less than minBytes',
});

const Rule = settings({
  name: Name.describe('What logs, plans and limits call it'),
  when: When.describe('Which objects it is for; {} for all of them'),
  use: oneOrMany(TemplateReference, 20).describe(
    'The templates: cutout for its highest version, cutout@1 for just that one',
  ),
  enabled: z.boolean().default(true).describe('false keeps the rule and does nothing'),
  priority: z
    .int()
    .min(-1000)
    .max(1000)
    .default(0)
    .describe('Higher first; equal ones in the order of the file'),
  allow: oneOrMany(z.enum(['skip', 'template', 'mask']), 3)
    .default([])
    .describe('What an object may change by its own x-cos-meta-darkroom-* metadata'),
});

const Budget = settings({
  requests: z.int().min(1).describe('How many steps at most').exactOptional(),
  money: z
    .number()
    .positive()
    .describe('How much at most, in the currency of prices')
    .exactOptional(),
});

const Limits = settings({
  requestsPerSecond: z
    .number()
    .min(0.1)
    .max(3000)
    .default(50)
    .describe('Requests a second in one region'),
  inFlight: z.int().min(1).max(200).default(10).describe('Requests at once in one region'),
  perDay: Budget.prefault({}).describe('All rules together, each day'),
  perRule: z.record(Name, Budget).default({}).describe('One rule, each day, by its name'),
  perBackfill: Budget.prefault({}).describe('One backfill from its start to its end'),
});

const Schedule = settings({
  name: Name,
  cron: text(100).describe(
    'Second, minute, hour, day of month, month, day of week, year: 0 30 2 * * MON *',
  ),
  bucket: BucketName.describe('One source bucket; all of them where none is named').exactOptional(),
  prefix: KeyPrefix.default('').describe('Only objects whose keys begin so'),
  rules: oneOrMany(Name, 100).default([]).describe('Only these rules; all where none is named'),
  budget: Budget.prefault({}).describe('How much one backfill may spend'),
});

const Http = settings({
  callers: z
    .array(
      settings({
        name: Name.describe('As in the setting that holds its hashed key'),
        templates: oneOrMany(TemplateReference, 100).describe('The templates it may ask for'),
        requestsPerMinute: z.int().min(1).max(100_000).default(60),
      }),
    )
    .max(100)
    .default([])
    .describe('Who may ask'),
  sources: oneOrMany(
    textLike(
      /^(?:\*\.)?(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9a-fA-F:.]{2,45}\])$/,
      'the name of a host, such as img.example.com or *.example.com',
    ),
    100,
  )
    .default([])
    .describe('Hosts that pictures may be fetched from while rendering'),
  origins: oneOrMany(
    textLike(
      /^(?:\*|https?:\/\/[A-Za-z0-9.:[\]-]{1,255})$/,
      'an origin such as https://studio.example',
    ),
    100,
  )
    .default([])
    .describe('Web pages that may ask, by their origins'),
});

const NoticeTarget = settings({
  name: Name,
  url: WebAddress.describe('Where the notices are posted'),
  about: oneOrMany(
    textLike(/^(?:\*|[a-z]+\.(?:\*|[a-z-]+))$/, 'a kind of notice such as job.failed, or *'),
    50,
  )
    .default(['*'])
    .describe('Which notices: * for all'),
});

export type RulesSchema = ReturnType<typeof schemaFor>;

const schemas = new WeakMap<readonly Operation[], RulesSchema>();

/** The whole file. What no schema can say is checked afterwards, in `checks/`. */
export function rulesSchema(operations: readonly Operation[]): RulesSchema {
  const schema = schemas.get(operations) ?? schemaFor(operations);
  schemas.set(operations, schema);
  return schema;
}

function schemaFor(operations: readonly Operation[]) {
  const Template = settings({
    outputs: outputsSchema(operations).describe('What is made of one object'),
  });
  const priceKeys = [...new Set(operations.map(({ priceKey }) => priceKey))];
  const Prices = settings(
    Object.fromEntries(priceKeys.map((key) => [key, z.number().min(0).exactOptional()])),
  );
  return settings({
    $schema: z.string().describe('For editors').exactOptional(),
    templates: z
      .record(TemplateKey, Template)
      .refine((templates) => Object.keys(templates).length <= MAX_TEMPLATES, {
        error: `has more than ${MAX_TEMPLATES} entries`,
        params: { code: 'too-many' },
      })
      .describe('What to do, by name and version: cutout@1. A higher version is new work'),
    rules: z.array(Rule).max(MAX_RULES).describe('When to do it'),
    limits: Limits.prefault({}).describe('How fast, and how much may be spent'),
    prices: Prices.default({}).describe(
      'What one call costs by your contract; what is not here is unknown, never free',
    ),
    schedule: z
      .array(Schedule)
      .max(100)
      .default([])
      .describe('Which existing objects are gone through when'),
    http: Http.prefault({}).describe('Who may ask over HTTP, for what'),
    notices: z.array(NoticeTarget).max(20).default([]).describe('Who is told what was done'),
    state: settings({ bucket: BucketName, prefix: KeyPrefix.default('') })
      .describe('Where the records are kept; the setting DARKROOM_STATE has to agree')
      .exactOptional(),
  });
}

export type RulesFile = z.output<RulesSchema>;
