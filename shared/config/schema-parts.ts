import * as z from 'zod';

/**
 * A map of settings; any other name in it is a problem. Zod does not say which names would have
 * been right, so the text of that one issue is the list of them (`schema-findings.ts` reads it).
 */
export function settings<const Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined,
  });
}

/** One value stands for a list of one. */
export function oneOrMany<T extends string>(of: z.ZodType<T, T>, most: number) {
  return z
    .union([of, z.array(of).max(most)])
    .transform((given): readonly T[] => (Array.isArray(given) ? given : [given]));
}

export function text(longest: number) {
  return z.string().min(1).max(longest);
}

/** What does not match is answered with `has to be ...`. */
export function textLike(pattern: RegExp, says: string) {
  return z.string().regex(pattern, { error: says });
}

const NAME = '[a-z][a-z0-9-]{0,39}';

/** `constructor` would be found in every plain object that is asked for a rule by name. */
export const Name = textLike(
  new RegExp(`^(?!constructor$)${NAME}$`),
  'lower case letters, digits and dashes, at most 40',
);

export const TemplateKey = textLike(
  new RegExp(`^${NAME}@[1-9][0-9]{0,5}$`),
  'a name and a version, such as cutout@1',
);

export const TemplateReference = textLike(
  new RegExp(`^${NAME}(?:@[1-9][0-9]{0,5})?$`),
  'the name of a template, such as cutout or cutout@1',
);

/** Rules name no account, so that one file serves the test account and the real one. */
export const BucketName = textLike(
  /^(?![a-z0-9-]*-\d{8,}$)[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/,
  'the name of a bucket without the account number behind it',
);

/** Keys have no leading slash, and at most 850 bytes. */
export const KeyPrefix = z
  .string()
  .max(850)
  .regex(/^(?!\/)/, { error: 'without a slash in front: keys begin with their first folder' });

/** A key that is written or read; placeholders stand for parts of the source's key. */
export const KeyPattern = text(850).regex(/^(?!\/)/, {
  error: 'without a slash in front: keys begin with their first folder',
});

export const WebAddress = z
  .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
  .max(2048);
