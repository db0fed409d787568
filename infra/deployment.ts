import * as z from 'zod';

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, 'is a short word of small letters and digits: no dashes');

/** What belongs to one function and can be chosen; what is left out has a default of its own. */
const Sizes = z.strictObject({
  memory: z.int().exactOptional().describe('In MB: 64, or a multiple of 128'),
  timeoutSeconds: z.int().min(1).max(900).exactOptional().describe('How long it may take'),
  reservedMemory: z
    .int()
    .positive()
    .exactOptional()
    .describe('MB kept for it, and the most it gets: by its memory, instances at once'),
});

/** How a suite is put into an account: what is neither in the rules nor in the settings. */
export const Deployment = z.strictObject({
  suite: Name.default('darkroom').describe(
    'What all names begin with: several suites stand side by side',
  ),
  stage: Name.default('prod').describe('The second part of all names; `--stage` goes before it'),
  namespace: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'is a word of small letters, digits and dashes')
    .default('default')
    .describe('Where the functions are; one that is not there is made'),
  runtime: z
    .string()
    .regex(/^Nodejs\d{2}\.\d{1,2}$/, 'is such as Nodejs20.19')
    .default('Nodejs20.19')
    .describe('Another one means new functions: see `--replace-runtime`'),
  tickMinutes: z
    .int()
    .min(1)
    .max(30)
    .default(5)
    .describe('How often backfills go on and lost callbacks are looked for'),
  urlAuth: z
    .enum(['keys', 'cam'])
    .default('keys')
    .describe('Who may call: our own keys and signed links, or keys of the account and no links'),
  logs: z
    .strictObject({ logset: z.string().min(1), topic: z.string().min(1) })
    .exactOptional()
    .describe('The ids of a logset and a topic; unless given, wherever the platform puts logs'),
  doubtful: z
    .boolean()
    .default(false)
    .describe(
      'Adds the permissions that some page of the service asks for and a newer one does not',
    ),
  functions: z
    .strictObject({
      'on-upload': Sizes.default({}),
      reprocess: Sizes.default({}),
      'on-demand': Sizes.default({}),
      'on-callback': Sizes.default({}),
    })
    .prefault({})
    .describe(
      'By the name of a function: `memory`, `timeoutSeconds`, `reservedMemory`, all in numbers',
    ),
});

export type Deployment = z.output<typeof Deployment>;

/** `darkroom-prod`: what the name of everything in the account begins with. */
export function prefixOf({ suite, stage }: Pick<Deployment, 'suite' | 'stage'>): string {
  return `${suite}-${stage}`;
}
