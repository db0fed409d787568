import { BlockList, isIP } from 'node:net';
import { matchesWildcard } from './wildcard.ts';

/** `{"string_equal": {"cos:x-cos-acl": ["private"]}}`: one operator over one key. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What is known of a request, by condition key in lower case; what it does not say is absent. */
export type ConditionFacts = Readonly<Record<string, string | undefined>>;

type Compare = (actual: string, wanted: string) => boolean;

const numbers =
  (compare: (actual: number, wanted: number) => boolean): Compare =>
  (actual, wanted) =>
    actual !== '' && wanted !== '' && compare(Number(actual), Number(wanted));

const moments =
  (compare: (actual: number, wanted: number) => boolean): Compare =>
  (actual, wanted) =>
    compare(Date.parse(actual), Date.parse(wanted));

function inNetwork(actual: string, wanted: string): boolean {
  const [network = '', bits] = wanted.split('/');
  if (isIP(network) === 0 || isIP(actual) !== isIP(network)) return false;
  const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  if (bits === undefined) list.addAddress(network, family);
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128)) {
    list.addSubnet(network, Number(bits), family);
  } else return false;
  return list.check(actual, family);
}

/** A negated operator asks that no value fits; every other one that some value does. */
const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> =
  {
    string_equal: { compare: (actual, wanted) => actual === wanted },
    string_not_equal: { compare: (actual, wanted) => actual === wanted, negated: true },
    string_equal_ignore_case: {
      compare: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
    },
    string_not_equal_ignore_case: {
      compare: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
      negated: true,
    },
    string_like: { compare: (actual, wanted) => matchesWildcard(wanted, actual) },
    string_not_like: {
      compare: (actual, wanted) => matchesWildcard(wanted, actual),
      negated: true,
    },
    bool_equal: { compare: (actual, wanted) => actual === wanted },
    ip_equal: { compare: inNetwork },
    ip_not_equal: { compare: inNetwork, negated: true },
    numeric_equal: { compare: numbers((actual, wanted) => actual === wanted) },
    numeric_not_equal: { compare: numbers((actual, wanted) => actual === wanted), negated: true },
    numeric_less_than: { compare: numbers((actual, wanted) => actual < wanted) },
    numeric_less_than_equal: { compare: numbers((actual, wanted) => actual <= wanted) },
    numeric_greater_than: { compare: numbers((actual, wanted) => actual > wanted) },
    numeric_greater_than_equal: { compare: numbers((actual, wanted) => actual >= wanted) },
    date_equal: { compare: moments((actual, wanted) => actual === wanted) },
    date_not_equal: { compare: moments((actual, wanted) => actual === wanted), negated: true },
    date_less_than: { compare: moments((actual, wanted) => actual < wanted) },
    date_less_than_equal: { compare: moments((actual, wanted) => actual <= wanted) },
    date_greater_than: { compare: moments((actual, wanted) => actual > wanted) },
    date_greater_than_equal: { compare: moments((actual, wanted) => actual >= wanted) },
  };

const IF_EXIST = '_if_exist';

/** Whether one condition holds. A key the request does not have fails it, but for `…_if_exist`. */
export function holds({ operator, key, values }: Condition, facts: ConditionFacts): boolean {
  const actual = facts[key];
  if (operator === 'null_equal') return values.includes(String(actual === undefined));
  if (actual === undefined) return operator.endsWith(IF_EXIST);
  const name = operator.endsWith(IF_EXIST) ? operator.slice(0, -IF_EXIST.length) : operator;
  const found = OPERATORS[name];
  if (!found) return false;
  const fits = values.some((wanted) => found.compare(actual, wanted));
  return found.negated ? !fits : fits;
}

/** The conditions of a statement; an operator that is not known here is refused, not ignored. */
export function readConditions(given: unknown, refused: (why: string) => Error): Condition[] {
  if (given === undefined) return [];
  const conditions: Condition[] = [];
  for (const [operator, keys] of entriesOf(given, 'the condition', refused)) {
    const name = operator.replace(/^for_(any|all)_value:/, '');
    const plain = name.endsWith(IF_EXIST) ? name.slice(0, -IF_EXIST.length) : name;
    if (plain !== 'null_equal' && !Object.hasOwn(OPERATORS, plain)) {
      throw refused(`the operator "${operator}" is not known`);
    }
    for (const [key, wanted] of entriesOf(keys, `"${operator}"`, refused)) {
      const values = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
      conditions.push({ operator: name, key: key.toLowerCase(), values });
    }
  }
  return conditions;
}

function entriesOf(given: unknown, what: string, refused: (why: string) => Error) {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw refused(`${what} is not an object`);
  }
  return Object.entries(given);
}
