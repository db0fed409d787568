import { Fault } from '../../../shared/core/fault.ts';
import { readJson } from '../../../shared/wire/json.ts';
import { decodePath, readQuery } from '../../../shared/wire/percent.ts';
import type { Engine } from '../engine.ts';
import { type Fields, isObject, type Shape } from './kinds.ts';

interface AdminRequest {
  readonly rawQuery: string;
  readonly body: Uint8Array;
}

/** One thing the admin API does. The table of these is what it can, and its documentation. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/faults/{id}` */
  readonly path: string;
  readonly says: string;
  readonly query: Fields;
  readonly body: Fields;
  /** What it answers, as JSON has it. `names` are the parts of the path that stand in braces. */
  answer(
    engine: Engine,
    names: Readonly<Record<string, string>>,
    request: AdminRequest,
  ): Promise<object>;
}

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

interface Asked<Path extends string, Query, Body> {
  readonly names: Readonly<Record<NamesIn<Path>, string>>;
  readonly query: Query;
  readonly body: Body;
}

interface RouteSpec<Path extends string, Query, Body> extends Pick<AdminRoute, 'method' | 'says'> {
  readonly path: Path;
  readonly query?: Shape<Query>;
  readonly body?: Shape<Body>;
  run(engine: Engine, asked: Asked<Path, Query, Body>): object | Promise<object>;
}

export function defineRoute<const Path extends string, Query = undefined, Body = undefined>(
  spec: RouteSpec<Path, Query, Body>,
): AdminRoute {
  const { method, path, says, query, body } = spec;
  return {
    method,
    path,
    says,
    query: query?.fields ?? {},
    body: body?.fields ?? {},
    async answer(engine, names, request) {
      const problems: string[] = [];
      const asked = {
        names,
        query: queryOf(request.rawQuery, query, problems),
        body: bodyOf(request.body, body, problems),
      };
      if (problems.length > 0) throw refused(problems);
      // The path, the query and the body were each read by what the types are made of.
      return spec.run(engine, asked as Asked<Path, Query, Body>);
    },
  };
}

function queryOf<T>(rawQuery: string, shape: Shape<T> | undefined, problems: string[]) {
  const given = Object.create(null);
  for (const { name, value } of readQuery(rawQuery)) {
    const field = shape && Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (!field) problems.push(`the query has no ${name.slice(0, 60)}`);
    else given[name] = field.kind.fromQuery?.(value) ?? value;
  }
  return shape?.read(given, '', problems);
}

/** No body at all says the same as an empty object. */
function bodyOf<T>(bytes: Uint8Array, shape: Shape<T> | undefined, problems: string[]) {
  const given = bytes.length === 0 ? {} : readJson(bytes);
  if (shape) return shape.read(given, '', problems);
  if (!isObject(given) || Object.keys(given).length > 0) problems.push('this takes no body');
  return undefined;
}

export function refused(problems: readonly string[]): Fault {
  const shown = problems.slice(0, 20);
  return new Fault('ADMIN_REQUEST_INVALID', `This cannot be done: ${shown.join('; ')}`, {
    detail: { problems: shown },
  });
}

export function notThere(what: string): Fault {
  return new Fault('ADMIN_TARGET_MISSING', `There is no ${what}`);
}

/** The names in a path that fits a pattern such as `/faults/{id}`; nothing where it does not. */
export function namesIn(
  pattern: string,
  rawPath: string,
): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/');
  const given = rawPath.split('/', wanted.length + 1);
  if (wanted.length !== given.length) return undefined;
  const names: Record<string, string> = Object.create(null);
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
    } else {
      if (segment === '') return undefined;
      names[part.slice(1, -1)] = decodePath(segment.replaceAll('+', '%2B'));
    }
  }
  return names;
}
