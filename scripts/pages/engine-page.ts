import type { ApiAction } from '../../local/api/api-action.ts';
import { API_SERVICES } from '../../local/api/api-services.ts';
import { PRESET_POLICIES, SERVICE_ROLES } from '../../local/cam/presets.ts';
import type { AccountOperation, CiOperation } from '../../local/ci/ci-exchange.ts';
import { CI_ACCOUNT_OPERATIONS, CI_OPERATIONS } from '../../local/ci/ci-operations.ts';
import { JOB_KINDS } from '../../local/ci/jobs/job-kind.ts';
import { SWITCHES } from '../../local/ci/switches.ts';
import type { CosOperation } from '../../local/cos/exchange.ts';
import { HEADERS_NOT_HERE } from '../../local/cos/headers-not-here.ts';
import { COS_OPERATIONS, NOT_HERE } from '../../local/cos/operations.ts';
import type { Fields } from '../../local/engine/admin/kinds.ts';
import type { AdminRoute } from '../../local/engine/admin/route.ts';
import { ADMIN_ROUTES } from '../../local/engine/admin/routes.ts';
import { FAULT_EFFECTS } from '../../local/engine/fault-effects.ts';
import { STATUSES } from '../../local/scf/host/outcome.ts';
import type { Blocks } from './blocks.ts';
import { code, sentence, table } from './markdown.ts';

/** What the engine can, as its own tables have it: the same that its requests are led by. */
export function enginePage(): Blocks {
  return {
    operations: table(
      ['Operation', 'Request', 'Permission'],
      [SERVICE, ...COS_OPERATIONS.map(rowOf)],
    ),
    'not-here': [
      ...NOT_HERE.map(missing),
      ...HEADERS_NOT_HERE.map((name) => `the header ${code(name)}`),
    ].join(', '),
    'ci-operations': table(
      ['Operation', 'Request', 'Permission'],
      [...CI_OPERATIONS, ...CI_ACCOUNT_OPERATIONS].map(ciRowOf),
    ),
    'job-kinds': table(
      ['Tag', 'Submitting one needs', 'Cancelling one needs'],
      JOB_KINDS.map(({ tag, action, cancelActions }) => [
        code(tag),
        `${code(action)} and ${code('cam:PassRole')}`,
        cancelActions.map(code).join(' or '),
      ]),
    ),
    'account-calls': table(
      ['API', 'Call', 'Permission'],
      API_SERVICES.flatMap(({ name, actions }) =>
        actions.map(({ name: call, permission }: ApiAction) => [
          code(name),
          call,
          permission === undefined ? 'none' : code(permission),
        ]),
      ),
    ),
    'function-statuses': table(
      ['Number', 'Its name', 'When'],
      Object.values(STATUSES).map(({ code: number, says, when }) => [String(number), says, when]),
    ),
    switches: table(
      ['Switch', 'Unless set', 'What it means when it is on'],
      Object.entries(SWITCHES).map(([name, { or, says }]) => [
        code(name),
        or ? 'on' : 'off',
        sentence(says),
      ]),
    ),
    'preset-policies': Object.keys(PRESET_POLICIES).map(code).join(', '),
    'service-roles': SERVICE_ROLES.map(
      ({ name, description }) => `- ${code(name)}: ${sentence(description)}`,
    ).join('\n'),
    'fault-effects': table(
      ['Effect', 'What happens', 'Takes'],
      Object.entries(FAULT_EFFECTS).map(([name, { says, fields }]) => [
        code(name),
        says,
        Object.entries(fields).map(fieldOf).join('; '),
      ]),
    ),
    admin: Object.entries(ADMIN_ROUTES)
      .map(([about, routes]) => sectionOf(about, routes))
      .join('\n\n'),
  };
}

type CiRow = CiOperation | AccountOperation;

/** It names no bucket, so it is no row of the table that buckets are led by. */
const SERVICE = ['GetService', `${code('GET /')} of the account`, code('cos:GetService')];

function rowOf({ name, method, on, query, withQuery, when, header, action }: CosOperation) {
  const parameters = [query, withQuery].filter((each) => each !== undefined).join('&');
  const path = on === 'object' ? '/<key>' : '/';
  const request = [
    code(`${method} ${path}${parameters === '' ? '' : `?${parameters}`}`),
    ...(header ? [`with ${code(header)}`] : []),
    ...(when ? ['with a rule for processing'] : []),
  ];
  return [name, request.join(' '), code(action)];
}

/** Jobs come with the permissions of their kind, so the row of submitting them names none. */
function ciRowOf({ name, method, paths, actions, ...rest }: CiRow): string[] {
  const behind = 'hasRest' in rest ? '/<id>' : '';
  const query = 'query' in rest && rest.query !== undefined ? `?${rest.query}` : '';
  const [newest, ...others] = paths.map((path) => code(`${method} ${path}${behind}${query}`));
  const also = others.length > 0 ? `${newest}, also ${others.join(', ')}` : `${newest}`;
  return [name, also, actions.length > 0 ? actions.map(code).join(' or ') : 'by the kind of job'];
}

/** What the engine has of objects, and not of buckets. */
function missing(parameter: string): string {
  const there = COS_OPERATIONS.some(({ query }) => query === parameter);
  return there ? `${code(parameter)} of a bucket` : code(parameter);
}

function sectionOf(about: string, routes: readonly AdminRoute[]): string {
  const rows = routes.map(({ method, path, says }) => [code(`${method} ${path}`), says]);
  const fields = routes.flatMap(({ method, path, query, body }) => [
    ...rowsOf(`${method} ${path}`, query, 'query'),
    ...rowsOf(`${method} ${path}`, body, 'body'),
  ]);
  return [
    `### ${about}`,
    table(['Request', 'What it does'], rows),
    ...(fields.length > 0
      ? [table(['Request', 'In the', 'Field', 'Is', 'What it says'], fields)]
      : []),
  ].join('\n\n');
}

function rowsOf(route: string, fields: Fields, where: string): readonly (readonly string[])[] {
  return Object.entries(fields).map(([name, { kind, says, needed }]) => [
    code(route),
    where,
    needed ? `${code(name)}, needed` : code(name),
    kind.is,
    says,
  ]);
}

function fieldOf([name, { kind, says, needed }]: [string, Fields[string]]): string {
  return `${code(name)}${needed ? '' : ' (may be left out)'}, ${kind.is}: ${says}`;
}
