import { Fault } from '../core/fault.ts';
import { picRule, type RuleOption, readRule } from '../wire/rule-text.ts';
import type { Borrowed, Call, JobBody } from './call.ts';
import type { CallOptions, LookedUp, Operation } from './operation.ts';
import type { Parameter, Parameters } from './parameter.ts';

/** The options of `ci-process`, a rule text without it, or the body of a job of its own. */
export type Encoded =
  | { readonly options: Readonly<Record<string, string | number | undefined>> }
  | { readonly rule: string }
  | { readonly body: JobBody };

type Facts = Pick<Operation, 'name' | 'wireName' | 'methods' | 'parameters' | 'canFallBack'>;

/** What goes over the wire for an encoded operation, by the way it is to be asked. */
export function callFrom(
  encoded: Encoded,
  operation: Facts,
  parameters: Parameters,
  { via, borrowed, fallBack, job }: CallOptions,
): Call {
  if (!offers(operation, via)) {
    throw new Fault('PARAMETER_INVALID', `${operation.name} cannot be asked for by ${via}`, {
      detail: { operation: operation.name, via, methods: operation.methods },
    });
  }
  // In a rule an address would end at its first `&`, so there the service wants it in Base64.
  const as = 'body' in encoded ? 'text' : 'base64-url';
  const borrows = borrowsOf(operation, parameters, borrowed, as);
  if ('body' in encoded) {
    return { via: 'job', tag: operation.wireName, body: encoded.body, borrows, settings: job };
  }

  const rule = ruleTextOf(encoded, operation, fallBack);
  switch (via) {
    case 'pic-operations':
      return { via, rule, borrows };
    case 'download':
      return { via, query: queryOf(rule), borrows };
    case 'job':
      return { via, tag: 'PicProcess', body: pictureJob(rule), borrows, settings: job };
  }
}

function offers({ methods }: Facts, via: Call['via']): boolean {
  if (via !== 'pic-operations') return methods.includes(via);
  return methods.includes('upload') || methods.includes('cloud');
}

function borrowsOf(
  { name: operation, parameters: known }: Facts,
  parameters: Parameters,
  lookedUp: LookedUp,
  as: Borrowed['as'],
): readonly Borrowed[] {
  return Object.entries(known)
    .filter(([name, parameter]) => namesAnObject(parameter, parameters[name]))
    .map(([name]) => {
      const found = Object.hasOwn(lookedUp, name) ? lookedUp[name] : undefined;
      if (found) return { name, object: found.object, etag: found.etag, as };
      throw new Fault('PARAMETER_INVALID', `Nobody looked up the ${name} of ${operation}`, {
        detail: { operation, name },
      });
    });
}

function namesAnObject({ kind }: Parameter, value: Parameters[string] | undefined): boolean {
  if (kind === 'object') return value !== undefined;
  return kind === 'mask' && typeof value === 'object' && 'key' in value;
}

function ruleTextOf(
  encoded: Exclude<Encoded, { readonly body: JobBody }>,
  { wireName, canFallBack }: Facts,
  fallBack: boolean,
): string {
  if ('rule' in encoded) return encoded.rule;
  const ignoresErrors = canFallBack && fallBack ? 1 : undefined;
  return picRule(wireName, { ...encoded.options, 'ignore-error': ignoresErrors });
}

function queryOf(rule: string): readonly RuleOption[] {
  const read = readRule(rule);
  if (read.kind !== 'ci-process') return [[rule, '']];
  return [['ci-process', read.operation], ...read.options];
}

function pictureJob(rule: string): JobBody {
  return [
    [
      'PicProcess',
      [
        ['IsPicInfo', 'true'],
        ['ProcessRule', rule],
      ],
    ],
  ];
}
