import type { Rule } from '../../plan/rule.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding, Path } from '../problem.ts';

/** A limit in money can only be kept where the price of everything under it is known. */
export function* checkMoney(checked: CheckedFile): Iterable<Finding> {
  const { rules, names } = checked;
  const { perDay, perRule, perBackfill } = rules.limits;
  const everything = rules.rules;

  if (perDay.money !== undefined) yield* unpriced(everything, ['limits', 'perDay'], checked);
  if (perBackfill.money !== undefined) {
    yield* unpriced(everything, ['limits', 'perBackfill'], checked);
  }
  for (const [name, { money }] of Object.entries(perRule)) {
    if (money === undefined) continue;
    const limited = everything.filter((rule) => rule.name === name);
    yield* unpriced(limited, ['limits', 'perRule', name], checked);
  }
  for (const { name, rules: chosen, budget } of rules.schedules) {
    if (budget.money === undefined) continue;
    const limited = everything.filter((rule) => chosen.length === 0 || chosen.includes(rule.name));
    yield* unpriced(limited, [...names.pathOf('schedule', name), 'budget'], checked);
  }
}

function* unpriced(
  limited: readonly Rule[],
  path: Path,
  { rules, operations }: CheckedFile,
): Iterable<Finding> {
  const names = limited
    .filter(({ enabled }) => enabled)
    .flatMap(({ use }) => use.flatMap(({ outputs }) => outputs))
    .map(({ operation }) => operation);
  const used = operations.filter(({ name }) => names.includes(name));
  const found = { code: 'money', path: [...path, 'money'] } as const;

  const later = used.find(({ billedPer }) => billedPer !== 'call');
  if (later) {
    const message = `${later.name} is billed per ${later.billedPer}, so what one costs is known only afterwards`;
    yield { ...found, message, hint: 'Limit requests instead' };
    return;
  }
  const unknown = used.filter(({ priceKey }) => !Object.hasOwn(rules.prices, priceKey));
  if (unknown.length === 0) return;
  const keys = [...new Set(unknown.map(({ priceKey }) => priceKey))];
  yield {
    ...found,
    message: `This limit needs the price of ${keys.join(', ')}`,
    hint: `Add prices: { ${keys.map((key) => `${key}: ...`).join(', ')} }, or limit requests instead`,
  };
}
