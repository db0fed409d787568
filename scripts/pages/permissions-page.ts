import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOME_PLACES } from '../../shared/config/check-examples.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import type { Method, Operation } from '../../shared/operations/operation.ts';
import { permissionsFor } from '../../shared/plan/permissions-for.ts';
import {
  operationActions,
  REQUEST_ACTIONS,
  type RequestAction,
} from '../../shared/plan/request-actions.ts';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';

const RULES = 'docs/first-rules.yaml';

/** Which action every request needs, and what comes of that for some rules. */
export function permissionsPage(root: string): Blocks {
  return {
    requests: table(
      ['Request', 'What for', 'Needs', 'Sent by'],
      Object.values(REQUEST_ACTIONS).map(rowOf),
    ),
    operations: table(['Operation', 'Request', 'Needs', 'Doubtful'], operationRows()),
    example: exampleFor(readFileSync(join(root, RULES), 'utf8')),
  };
}

function rowOf({ request, why, actions, sentBy }: RequestAction): readonly string[] {
  return [code(request), why, actions.map(code).join(', '), sentBy.join(', ')];
}

function operationRows(): readonly (readonly string[])[] {
  return CATALOGUE.flatMap((operation) =>
    operation.methods.map((method) => askRow(operation, method)),
  );
}

function askRow(operation: Operation, method: Method): readonly string[] {
  const sure = operationActions(operation, method, false);
  const all = operationActions(operation, method, true);
  const actions = (rows: readonly RequestAction[]) =>
    rows.flatMap((row) => row.actions.map(code)).join(', ');
  return [
    `[${code(operation.name)}](operations.md#${operation.name})`,
    code(all[0]?.request ?? ''),
    actions(sure),
    actions(all.slice(sure.length)),
  ];
}

function exampleFor(rulesText: string): string {
  const read = readRules(rulesText, RULES);
  if (!read.ok) throw new Error(`${RULES} is not right any more`);
  const rows = Object.entries(permissionsFor(read.rules, SOME_PLACES)).flatMap(
    ([name, statements]) =>
      statements.map(({ why, action, resource }) => [
        name,
        why,
        action.map(code).join(', '),
        resource.map(code).join(', '),
      ]),
  );
  return table(['Function', 'What for', 'Actions', 'Resources'], rows);
}
