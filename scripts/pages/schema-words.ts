import * as z from 'zod';
import { rulesSchema } from '../../shared/config/rules-schema.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import { code, number, oneOf, plain } from './markdown.ts';

/** The parts of a JSON Schema that the rules file uses, and what its patterns are in words. */
export interface Schema {
  readonly type?: string;
  readonly words?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** No pattern of the rules file takes this, and what is said about it tells what would be right. */
const FITS_NOTHING = '/';

/** The published schema; each text that has to look a certain way also says so in words. */
export function wordedSchema(operations: readonly Operation[]): Schema {
  return z.toJSONSchema(rulesSchema(operations), {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern === undefined && jsonSchema.format === undefined) return;
      jsonSchema['words'] = z.core.safeParse(zodSchema, FITS_NOTHING).error?.issues[0]?.message;
    },
  }) as Schema;
}

/** What a setting takes, in words; `see` leads to the table of a map that has one of its own. */
export function takes(schema: Schema, see?: string): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return oneOf(schema.enum.map(code));
  if (schema.anyOf) return alternatives(schema.anyOf, see);
  switch (schema.type) {
    case 'boolean':
      return oneOf([code(true), code(false)]);
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'array':
      return `a list${atMost(schema.maxItems)} of ${see ? `[these](#${see})` : takes(schema.items ?? {})}`;
    case 'object':
      return mapOf(schema, see);
    default:
      return textOf(schema);
  }
}

/** One value stands for a list of one, so such a setting is said once. */
function alternatives(schemas: readonly Schema[], see: string | undefined): string {
  const [first = {}, second = {}, ...more] = schemas;
  if (second.type === 'array' && more.length === 0) {
    return `${takes(first)}; or a list${atMost(second.maxItems)} of these`;
  }
  return schemas.map((schema) => takes(schema, see)).join('; or ');
}

function mapOf({ propertyNames, additionalProperties, properties }: Schema, see?: string): string {
  if (propertyNames) {
    const values = see ? `[these](#${see})` : takes(additionalProperties ?? {});
    return `a map by name (${takes(propertyNames)}) of ${values}`;
  }
  if (see) return `a map, [see there](#${see})`;
  const settings = Object.entries(properties ?? {});
  return `a map of ${settings.map(([name, value]) => `${code(name)} (${takes(value)})`).join(', ')}`;
}

function textOf({ words, maxLength }: Schema): string {
  if (words) return plain(words.replace(/^without/, 'a text without').replace(/: .*/, ''));
  return maxLength ? `a text, at most ${number(maxLength)} characters` : 'a text';
}

function range({ minimum, exclusiveMinimum, maximum }: Schema): string {
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (minimum === undefined) return '';
  return bounded ? ` from ${number(minimum)} to ${number(maximum)}` : `, ${minimum} or more`;
}

function atMost(most: number | undefined): string {
  return most === undefined ? '' : ` of at most ${number(most)}`;
}
