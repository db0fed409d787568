import { CATALOGUE } from '../operations/catalogue.ts';
import type { Operation } from '../operations/operation.ts';
import type { Places } from '../plan/places.ts';
import type { Rules } from '../plan/rules.ts';
import type { CheckedFile } from './checked-file.ts';
import { checkSize } from './checks/size.ts';
import { FILE_CHECKS, VALUE_CHECKS } from './file-checks.ts';
import { duplicateNames, namesIn } from './names.ts';
import { isJudgedBy, parameterFindings } from './parameter-findings.ts';
import type { Finding, Problem } from './problem.ts';
import { flawOf, problemsIn } from './problems-in.ts';
import { rulesOf } from './rules-of.ts';
import { type RulesFile, type RulesSchema, rulesSchema } from './rules-schema.ts';
import { schemaFindings } from './schema-findings.ts';
import type { Flaw } from './spot.ts';
import { withoutWrongEntries, withoutWrongSettings } from './without-wrong.ts';
import { readYaml } from './yaml-text.ts';

export interface ReadRulesOptions {
  /** Where the rules will be in force; without it, what depends on that is not checked. */
  readonly places?: Places;
  /** Schedules that are over by then are problems. */
  readonly now?: number;
  /** Other operations than the catalogue's. */
  readonly operations?: readonly Operation[];
}

/** Rules that can be in force, perhaps with warnings; or everything that keeps them from it. */
export type RulesRead =
  | { readonly ok: true; readonly rules: Rules; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const MAX_BYTES = 1_000_000;

/** Reads and checks a rules file whole: every problem at once, each at its place. */
export function readRules(
  text: string,
  fileName: string,
  options: ReadRulesOptions = {},
): RulesRead {
  const problemsOf = (flaws: readonly Flaw[]) => problemsIn(text, fileName, flaws);
  if (text.length > MAX_BYTES || new TextEncoder().encode(text).length > MAX_BYTES) {
    const message = `The file is larger than ${MAX_BYTES} bytes`;
    return {
      ok: false,
      problems: problemsOf([{ code: 'too-large', span: { start: 0, end: 0 }, message }]),
    };
  }
  const yaml = readYaml(text);
  if (!yaml.ok) return { ok: false, problems: problemsOf(yaml.flaws) };

  const { rules, findings } = readValue(yaml.value, options);
  const flaws = findings.flatMap((finding) => flawOf(finding, yaml.root, text));
  const problems = problemsOf([...yaml.flaws, ...flaws]);
  const refused = problems.some(({ severity }) => severity === 'error');
  return rules && !refused ? { ok: true, rules, problems } : { ok: false, problems };
}

interface ValueRead {
  /** Without the parts that are wrong in themselves. */
  readonly rules?: Rules;
  readonly findings: readonly Finding[];
}

/** Nobody reads more of one kind, and looking for what was meant takes its time. */
const MOST_OF_A_KIND = 100;

function readValue(
  value: unknown,
  { places, now = 0, operations = CATALOGUE }: ReadRulesOptions,
): ValueRead {
  const schema = rulesSchema(operations);
  const parsed = schema.safeParse(value, { reportInput: true });
  const parameters = some(parameterFindings(value, operations));
  const shape = some(schemaFindings(parsed.error?.issues ?? []));
  const inItself = [
    ...shape.filter((finding) => !isJudgedBy(parameters, finding)),
    ...parameters,
    ...some(duplicateNames(value)),
  ];
  const checkedOf = (file: RulesFile): CheckedFile => ({
    file,
    rules: rulesOf(file, operations),
    names: namesIn(value),
    operations,
    places,
    now,
  });
  const nothingWrong = inItself.length === 0;
  const whole = nothingWrong
    ? parsed.data
    : schema.safeParse(withoutWrongEntries(value, inItself)).data;
  if (!whole) return { findings: inItself };

  const checked = checkedOf(whole);
  const tooMuch = some(checkSize(checked));
  if (tooMuch.length > 0) return { findings: [...inItself, ...tooMuch] };

  const values = nothingWrong ? checked : checkedOf(valuesOf(value, inItself, schema) ?? whole);
  const findings = [
    ...inItself,
    ...VALUE_CHECKS.flatMap((check) => some(check(values))),
    ...FILE_CHECKS.flatMap((check) => some(check(checked))),
  ];
  return { rules: checked.rules, findings };
}

/** As much of a wrong file as can be read. */
function valuesOf(value: unknown, findings: readonly Finding[], schema: RulesSchema) {
  const settings = withoutWrongSettings(value, findings);
  const { data, error } = schema.safeParse(settings);
  if (data) return data;
  const still = some(schemaFindings(error.issues));
  return schema.safeParse(withoutWrongEntries(settings, still)).data;
}

function some(findings: Iterable<Finding>): readonly Finding[] {
  const taken: Finding[] = [];
  for (const finding of findings) {
    taken.push(finding);
    if (taken.length === MOST_OF_A_KIND) break;
  }
  return taken;
}
