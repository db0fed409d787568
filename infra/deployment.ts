import * as z from 'zod';

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, 'is a short word of small letters and digits: no dashes');

/** What belongs to one function and can be chosen; what is left out has a default of its own. */
const Sizes = z.strictObject({
  /** In MB: 64, or a multiple of 128. */
  memory: z.int().exactOptional(),
  timeoutSeconds: z.int().min(1).max(900).exactOptional(),
  /** MB kept for it, which is also the most it gets: divided by its memory, instances at once. */
  reservedMemory: z.int().positive().exactOptional(),
});

/** How a suite is put into an account: what is neither in the rules nor in the settings. */
export const Deployment = z.strictObject({
  /** Several suites, and several stages of one, stand side by side under different names. */
  suite: Name.default('darkroom'),
  stage: Name.default('prod'),
  namespace: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'is a word of small letters, digits and dashes')
    .default('default'),
  runtime: z
    .string()
    .regex(/^Nodejs\d{2}\.\d{1,2}$/, 'is such as Nodejs20.19')
    .default('Nodejs20.19'),
  /** How often slices of backfills and lost callbacks are looked after. */
  tickMinutes: z.int().min(1).max(30).default(5),
  /** `keys`: our own keys and signed links. `cam`: callers sign as for the account's APIs. */
  urlAuth: z.enum(['keys', 'cam']).default('keys'),
  /** Where logs go; unless given, wherever the platform puts them. */
  logs: z.strictObject({ logset: z.string().min(1), topic: z.string().min(1) }).exactOptional(),
  /** Adds what some page of the service asks for and a newer one does not. */
  doubtful: z.boolean().default(false),
  functions: z
    .strictObject({
      'on-upload': Sizes.default({}),
      reprocess: Sizes.default({}),
      'on-demand': Sizes.default({}),
      'on-callback': Sizes.default({}),
    })
    .prefault({}),
});

export type Deployment = z.output<typeof Deployment>;

/** `darkroom-prod`: what the name of everything in the account begins with. */
export function prefixOf({ suite, stage }: Pick<Deployment, 'suite' | 'stage'>): string {
  return `${suite}-${stage}`;
}
