import type * as z from 'zod';
import { Fault } from '../../shared/core/fault.ts';
import { readJson } from '../../shared/wire/json.ts';
import type { UrlEvent } from '../../shared/wire/url-event.ts';

const LONGEST_BODY = 64 * 1024;
const MOST_PROBLEMS = 20;

/** The body of a request as its schema has it, or everything that is wrong with it at once. */
export function readBody<T>({ body }: Pick<UrlEvent, 'body'>, schema: z.ZodType<T>): T {
  return readShape(readJson(body, { maxLength: LONGEST_BODY }), schema);
}

export function readShape<T>(value: unknown, schema: z.ZodType<T>, name?: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => {
    const place = [...(name === undefined ? [] : [name]), ...path].join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new Fault('REQUEST_INVALID', `The request cannot be read: ${problems.join('; ')}`, {
    hint: 'GET /openapi.json says what can be asked',
  });
}
