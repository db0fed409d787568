import { Fault } from '../../shared/core/fault.ts';
import { type Condition, readConditions } from './condition.ts';

/** One statement of a policy: lists are alternatives. */
export interface Statement {
  readonly effect: 'allow' | 'deny';
  /** Without the `name/` prefix, which means nothing. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  /** In a trust policy: the services that may assume the role, */
  readonly services: readonly string[];
  /** and the accounts and users, as resources name them. */
  readonly accounts: readonly string[];
}

export interface Policy {
  /** What it is called, where it has a name. */
  readonly name?: string;
  readonly statements: readonly Statement[];
}

const MAX_LENGTH = 64 * 1024;
const STATEMENT_KEYS = ['effect', 'action', 'resource', 'condition', 'principal', 'sid'];

/**
 * A policy document as CAM takes it. A document that CAM would refuse is refused here as well: a
 * misspelt key that silently allows nothing is the commonest way to lose an afternoon.
 */
export function readPolicy(text: string, name?: string): Policy {
  if (text.length > MAX_LENGTH) throw refused(`it has ${text.length} characters`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw refused('it is not JSON', cause);
  }
  const fields = recordOf(document, 'the document', ['version', 'statement', 'principal']);
  if (fields['version'] !== '2.0') throw refused('its version is not "2.0"');
  const statements = listOf(fields['statement']);
  if (statements.length === 0) throw refused('it has no statement');
  return { ...(name !== undefined && { name }), statements: statements.map(statementOf) };
}

function statementOf(given: unknown, index: number): Statement {
  const where = `statement ${index + 1}`;
  const fields = recordOf(given, where, STATEMENT_KEYS);
  const effect = fields['effect'];
  if (effect !== 'allow' && effect !== 'deny') {
    throw refused(`the effect of ${where} is neither "allow" nor "deny"`);
  }
  const actions = textsOf(fields['action'], `action of ${where}`);
  if (actions.length === 0) throw refused(`${where} names no action`);
  const services = principalsOf(fields['principal'], 'service');
  const accounts = principalsOf(fields['principal'], 'qcs');
  const resources = textsOf(fields['resource'], `resource of ${where}`);
  if (resources.length === 0 && services.length === 0 && accounts.length === 0) {
    throw refused(`${where} names no resource`);
  }
  for (const resource of resources) checkResource(resource, where);
  return {
    effect,
    actions: actions.map((action) => action.replace(/^name\//, '')),
    resources,
    conditions: readConditions(fields['condition'], (why) => refused(`${why} in ${where}`)),
    services,
    accounts,
  };
}

function principalsOf(principal: unknown, kind: 'service' | 'qcs'): readonly string[] {
  if (typeof principal !== 'object' || principal === null) return [];
  return textsOf(new Map(Object.entries(principal)).get(kind), 'principal');
}

/** `qcs:<project>:<service>:<region>:<account>:<resource>`, or `*`. */
function checkResource(resource: string, where: string): void {
  if (resource === '*') return;
  const segments = resource.split(':');
  if (segments.length < 6 || segments[0] !== 'qcs') {
    throw refused(`"${resource}" in ${where} is no resource: six parts, the first of them "qcs"`);
  }
}

function recordOf(given: unknown, where: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw refused(`${where} is not an object`);
  }
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const lower = keys.find((key) => key === unknown.toLowerCase());
    throw refused(`${where} has a key "${unknown}"${lower ? `; CAM writes "${lower}"` : ''}`);
  }
  return { ...given };
}

function listOf(given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given];
}

function textsOf(given: unknown, what: string): readonly string[] {
  return listOf(given).map((text) => {
    if (typeof text !== 'string' || text === '') throw refused(`the ${what} is not a text`);
    return text;
  });
}

function refused(why: string, cause?: unknown): Fault {
  return new Fault('POLICY_INVALID', `The policy cannot be used: ${why}`, { cause });
}
