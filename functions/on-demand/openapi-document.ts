import * as z from 'zod';
import type { Route } from './route.ts';
import { ProblemReply } from './shapes.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [name: string]: Json;
}

/** The description of these routes as OpenAPI 3.1, made from the shapes that read and answer them. */
export function openapiDocument(routes: readonly Route[]): JsonMap {
  const { ref, problem, schemas } = shapesOf();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = operations;
    operations[route.method.toLowerCase()] = operationOf(route, ref, problem);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Darkroom on demand',
      version: '1',
      description:
        'Ask for what a template makes of an object: the plan of it, the work, or a look at it. Nothing that is sent here reaches an operation but the names of templates and objects.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key; or in X-Api-Key' },
        link: {
          type: 'apiKey',
          in: 'query',
          name: 'signature',
          description: 'A signed link, from `darkroom link`',
        },
      },
    },
  };
}

/** Schemas of shapes as they are asked for; those that have a name gather in one place. */
export function shapesOf() {
  const schemas: Record<string, Json> = {};
  const ref: Ref = (shape, io) => addSchema(shape, io, schemas);
  return { ref, problem: ref(ProblemReply, 'output'), schemas };
}

type Ref = (shape: z.ZodType, io: 'input' | 'output') => Json;

function operationOf(route: Route, ref: Ref, problem: Json): JsonMap {
  const { id, summary, says, given, body, answers } = route;
  return {
    operationId: id,
    summary,
    description: says,
    security: SECURITY[route.opens],
    parameters: given.map(({ in: place, name, schema, needed = place === 'path' }) => ({
      name,
      in: place,
      required: needed,
      schema: ref(schema, 'input'),
    })),
    ...(body ? { requestBody: { required: true, content: json(ref(body, 'input')) } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.says,
            ...(answer.headers
              ? {
                  headers: Object.fromEntries(
                    answer.headers.map((name) => [name, { schema: { type: 'string' } }]),
                  ),
                }
              : {}),
            ...(answer.shape ? { content: json(ref(answer.shape, 'output')) } : {}),
            ...(answer.type ? { content: { [answer.type]: {} } } : {}),
          },
        ]),
      ),
      default: {
        description: 'Why not',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}

const SECURITY: Readonly<Record<Route['opens'], readonly JsonMap[]>> = {
  key: [{ key: [] }],
  'key or link': [{ key: [] }, { link: [] }],
  nothing: [],
};

function json(schema: Json): JsonMap {
  return { 'application/json': { schema } };
}

/** The schema of a shape; what has a name in it goes where all names are. */
function addSchema(shape: z.ZodType, io: 'input' | 'output', schemas: Record<string, Json>): Json {
  const made = z.toJSONSchema(shape, { io }) as JsonMap;
  const { $schema, $defs = {}, ...schema } = inItsPlace(made, io) as Record<string, Json>;
  Object.assign(schemas, $defs);
  return schema;
}

/** Answers may grow, so who reads them must not refuse what is new. */
function inItsPlace(value: Json, io: 'input' | 'output'): Json {
  if (Array.isArray(value)) return value.map((entry) => inItsPlace(entry, io));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, part]) => !(io === 'output' && name === 'additionalProperties' && part === false),
  );
  return Object.fromEntries(
    entries.map(([name, part]) => [
      name,
      name === '$ref' && typeof part === 'string'
        ? part.replace('#/$defs/', '#/components/schemas/')
        : inItsPlace(part, io),
    ]),
  );
}
