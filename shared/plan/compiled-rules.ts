import { Fault } from '../core/fault.ts';
import { operationNamed } from '../operations/catalogue.ts';
import type { Operation } from '../operations/operation.ts';
import { titleOf } from './overrides.ts';
import type { Rule } from './rule.ts';
import type { Rules } from './rules.ts';

/** Raised when functions built before could not read what is written now. */
const FORMAT = 1;

/** Rules name their templates, so that each of these stands in the text once. */
type Named = Omit<Rules, 'rules'> & {
  readonly rules: readonly (Omit<Rule, 'use'> & { readonly use: readonly string[] })[];
};

interface Compiled {
  readonly darkroom: typeof FORMAT;
  readonly digest: string;
  readonly rules: Named;
}

/** Rules that were checked, as a text that functions load without checking them again. */
export function compileRules(rules: Rules): string {
  const named: Named = {
    ...rules,
    rules: rules.rules.map((rule) => ({ ...rule, use: rule.use.map(titleOf) })),
  };
  const compiled: Compiled = { darkroom: FORMAT, digest: digestOf(named), rules: named };
  return JSON.stringify(compiled);
}

/** The rules of such a text, unless somebody changed it or it was made for another Darkroom. */
export function readCompiledRules(text: string, catalogue?: readonly Operation[]): Rules {
  const compiled = parsed(text);
  if (compiled?.darkroom !== FORMAT) {
    throw invalid('These are no compiled rules of this version of Darkroom');
  }
  const { digest, rules: named } = compiled;
  if (!named || digest !== digestOf(named)) {
    throw invalid('The compiled rules are not as they were written');
  }
  const unknown = named.templates
    .flatMap(({ outputs }) => outputs)
    .find(({ operation }) => !operationNamed(operation, catalogue));
  if (unknown) throw invalid(`No operation is called "${unknown.operation}" here`);

  const byTitle = new Map(named.templates.map((template) => [titleOf(template), template]));
  const rules = named.rules.map((rule) => ({
    ...rule,
    use: rule.use.flatMap((title) => byTitle.get(title) ?? []),
  }));
  return { ...named, rules };
}

/** What the digest matches was written by `compileRules`, and so has its types. */
function parsed(text: string): Partial<Compiled> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): Fault {
  return new Fault('RULES_INVALID', message, {
    hint: 'Check the rules file and publish it again: darkroom deploy rules',
  });
}

/**
 * FNV-1a, twice, from two beginnings. It tells what was cut off or edited by hand; whoever may
 * write the text can of course write a digest as well.
 */
function digestOf(rules: unknown): string {
  const text = JSON.stringify(rules) ?? '';
  let one = 0x811c9dc5;
  let other = 0x9dc5811c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ (code + at), 0x01000193);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
