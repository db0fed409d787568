import * as z from 'zod';
import type { Operation } from '../operations/operation.ts';
import { PLACEHOLDERS } from '../plan/pattern.ts';
import { needsParameters, parametersSchema } from './parameters-schema.ts';
import { BucketName, KeyPattern, settings, text } from './schema-parts.ts';

const PLACES = Object.keys(PLACEHOLDERS)
  .map((name) => `{${name}}`)
  .join(' ');

const Into = z
  .union([
    KeyPattern,
    settings({
      bucket: BucketName.describe('Another bucket of the account').exactOptional(),
      key: KeyPattern.describe('The key to write'),
    }),
  ])
  .meta({ id: 'into', description: `The key to write; placeholders: ${PLACES}` });

const Job = settings({
  level: z.literal([0, 1, 2]).describe('Which jobs go first; higher ones do').exactOptional(),
  callbackFormat: z.enum(['XML', 'JSON']).describe('How the end is reported').exactOptional(),
  callbackType: z.enum(['Url', 'TDMQ']).describe('To an address or into a queue').exactOptional(),
  callbackQueue: settings({
    region: text(40),
    mode: z.enum(['Topic', 'Queue']),
    name: text(200),
  })
    .describe('The queue that callbackType TDMQ reports into')
    .exactOptional(),
}).meta({ id: 'job', description: 'How a job reports its end' });

/** One output by one operation. The parameters, and whether there have to be any, are its own. */
function outputSchema(operation: Operation) {
  const parameters = parametersSchema(operation);
  return settings({
    operation: z.literal([operation.name]).describe(operation.summary),
    with: (needsParameters(operation) ? parameters : parameters.prefault({})).describe(
      'The parameters of the operation',
    ),
    into: Into.exactOptional(),
    store: z
      .literal(false)
      .describe('Nothing is written: made anew at each download')
      .exactOptional(),
    as: z.literal('job').describe('Asked for as a job, which may take its time').exactOptional(),
    job: Job.exactOptional(),
    whenItFails: z
      .enum(['retry', 'ignore', 'original'])
      .default('retry')
      .describe('Tried again, left, or the source stored instead'),
    replaceSource: z.boolean().default(false).describe('Writing over the source is meant'),
  }).meta({ title: operation.name });
}

export type OutputFile = z.output<ReturnType<typeof outputSchema>>;

/** One of the operations, told apart by its name. */
export function outputsSchema(operations: readonly Operation[]) {
  const [first, ...rest] = operations.map(outputSchema);
  if (!first) throw new RangeError('There is no operation to choose from');
  return z
    .array(z.discriminatedUnion('operation', [first, ...rest]))
    .min(1)
    .max(20);
}
