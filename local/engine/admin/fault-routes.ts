import { randomBytes } from 'node:crypto';
import { defined } from '../../../shared/wire/defined.ts';
import type { JsonObject, JsonValue } from '../../../shared/wire/json.ts';
import { API_SERVICES } from '../../api/api-services.ts';
import { CI_ACCOUNT_OPERATIONS, CI_OPERATIONS } from '../../ci/ci-operations.ts';
import { COS_OPERATIONS } from '../../cos/operations.ts';
import { URL_OPERATION } from '../../scf/answer-function.ts';
import type { FaultEffect, FaultRule } from '../../server/faults.ts';
import { FAULT_EFFECT_NAMES, FAULT_EFFECTS } from '../fault-effects.ts';
import {
  isObject,
  listOf,
  may,
  need,
  number,
  oneOf,
  type Shape,
  shape,
  text,
  textUpTo,
  whole,
} from './kinds.ts';
import { defineRoute, notThere, refused } from './route.ts';

const MOST_RULES = 1000;

const OPERATIONS = [...COS_OPERATIONS, ...CI_OPERATIONS, ...CI_ACCOUNT_OPERATIONS];
const CALLS = API_SERVICES.flatMap(({ actions }) => actions.map(({ name }) => name));
const OPERATION_NAMES = [
  ...new Set(['GetService', URL_OPERATION, ...OPERATIONS.map(({ name }) => name), ...CALLS]),
];
const operation = oneOf(OPERATION_NAMES, 'the name of an operation, such as PutObject');

const OF_ANY_EFFECT: object = Object.assign(
  {},
  ...Object.values(FAULT_EFFECTS).map(({ fields }) => fields),
);

const scope = shape({
  id: may(text('a name of up to 60 characters', /^[\w.-]{1,60}$/), 'one is made unless given'),
  effect: need(oneOf(FAULT_EFFECT_NAMES), 'what goes wrong'),
  operations: may(listOf(operation, 100), 'which; all unless given'),
  bucket: may(textUpTo(100), 'only in this bucket'),
  keyPrefix: may(textUpTo(850), 'only of keys that start so, or of functions, roles and policies'),
  percent: may(number(0, 100), 'how many of a hundred requests; 100 unless given'),
  times: may(whole(1, 1_000_000_000), 'after so many hits it is over; never unless given'),
  after: may(whole(0, 1_000_000_000), 'how many pass first'),
});

type Scope = ReturnType<typeof scope.read>;

/** A rule as it is sent: the fields of its effect beside those that say where it strikes. */
const faultRule: Shape<{ readonly fault: FaultEffect; readonly where: NonNullable<Scope> }> = {
  is: 'an object',
  fields: scope.fields,
  read(given, at, problems) {
    const name = FAULT_EFFECT_NAMES.find((each) => isObject(given) && given['effect'] === each);
    const [own, others] = apart(given, name ? FAULT_EFFECTS[name].fields : OF_ANY_EFFECT);
    const where = scope.read(others, at, problems);
    const fault = name && FAULT_EFFECTS[name].read(own, problems);
    return where && fault && { fault, where };
  },
};

/** The fields with these names, and the others. */
function apart(given: JsonValue, names: object): readonly [own: JsonObject, others: JsonValue] {
  if (!isObject(given)) return [{}, given];
  const entries = Object.entries(given);
  return [
    Object.fromEntries(entries.filter(([name]) => Object.hasOwn(names, name))),
    Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(names, name))),
  ];
}

function ruleOf(fault: FaultEffect, where: NonNullable<Scope>): FaultRule {
  const { id = randomBytes(4).toString('hex'), operations = [], percent = 100 } = where;
  return { ...defined(where), ...fault, id, operations, percent };
}

export const FAULT_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/faults',
    says: 'The rules in force, with how often they still strike. The first that hits a request counts.',
    run: ({ faults }) => ({ faults: faults.rules }),
  }),
  defineRoute({
    method: 'POST',
    path: '/faults',
    says: 'Adds a rule: these fields and those of its effect. One with the same id is replaced.',
    body: faultRule,
    run({ faults }, { body: { fault, where } }) {
      if (faults.rules.length >= MOST_RULES)
        throw refused([`there are ${MOST_RULES} rules already`]);
      const rule = ruleOf(fault, where);
      faults.add(rule);
      return rule;
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/faults/{id}',
    says: 'Takes a rule away.',
    run({ faults }, { names: { id } }) {
      if (!faults.remove(id)) throw notThere(`fault "${id}"`);
      return { removed: id };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/faults',
    says: 'Takes all rules away.',
    run({ faults }) {
      const removed = faults.rules.length;
      faults.clear();
      return { removed };
    },
  }),
];
