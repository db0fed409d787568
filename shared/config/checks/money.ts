import { operationNamed } from '../../operations/catalogue.ts';
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
  const outputs = limited
    .filter(({ enabled }) => enabled)
    .flatMap(({ use }) => use.flatMap((template) => template.outputs));
  const keys = outputs.flatMap(
    ({ operation }) => operationNamed(operation, operations)?.priceKey ?? [],
  );
  const unknown = [...new Set(keys)].filter((key) => !Object.hasOwn(rules.prices, key));
  if (unknown.length === 0) return;
  yield {
    code: 'money',
    path: [...path, 'money'],
    message: `This limit needs the price of ${unknown.join(', ')}`,
    hint: `Add prices: { ${unknown.map((key) => `${key}: ...`).join(', ')} }, or limit requests instead`,
  };
}
