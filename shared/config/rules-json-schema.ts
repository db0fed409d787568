import * as z from 'zod';
import type { Operation } from '../operations/operation.ts';
import { rulesSchema } from './rules-schema.ts';

/**
 * The schema of a rules file for editors: names to choose from, and what each of them means.
 * In the draft that all editors read.
 */
export function rulesJsonSchema(operations: readonly Operation[]): Record<string, unknown> {
  return {
    title: 'Darkroom rules',
    description: 'What Darkroom does with the objects of your buckets, and when',
    ...z.toJSONSchema(rulesSchema(operations), { io: 'input', target: 'draft-7' }),
  };
}
