import { Fault, type FaultCode } from '../core/fault.ts';

const MAX_LENGTH = 64 * 1024;
const MAX_OPTIONS = 100;
const MAX_ARGUMENTS = 200;
/** The service chains no more than ten. */
const MAX_CHAINED = 10;

/** These only say something about the picture; every other operation of a pipeline has arguments. */
const WITHOUT_ARGUMENTS: readonly string[] = ['exif', 'imageAve', 'imageInfo', 'imageSlim'];

const NAME = /^[A-Za-z0-9_][\w.-]*$/;
const NO_TEXT = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

export type RuleOption = readonly [name: string, value: string];

/** What one rule of `Pic-Operations` asks for, or the query of a download. */
export type PicRule =
  | {
      readonly kind: 'ci-process';
      readonly operation: string;
      readonly options: readonly RuleOption[];
    }
  | { readonly kind: 'pipeline'; readonly operations: readonly ChainedOperation[] }
  | { readonly kind: 'style'; readonly name: string };

/** One link of a pipeline: `imageMogr2/thumbnail/!50p` is a name and two arguments. */
export interface ChainedOperation {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** The rule text of an operation. Undefined and empty options are left out: both mean absent. */
export function picRule(
  operation: string,
  options: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const given = Object.entries(options).map(([name, value]) => [name, `${value ?? ''}`] as const);
  return writeRule({ kind: 'ci-process', operation, options: withoutEmpty(given) });
}

/**
 * A rule as text. Nothing in it is encoded, for it stands in JSON and not in an address; so what
 * the grammar keeps for itself cannot be said in a value, and is refused rather than sent.
 */
export function writeRule(rule: PicRule): string {
  const text = textOf(checked(rule, 'PARAMETER_INVALID'));
  if (text.length > MAX_LENGTH) throw tooLong(text.length);
  return text;
}

/** The rule a text asks for. Spaces around `=` come from translated pages and mean nothing. */
export function readRule(text: string): PicRule {
  if (text.length > MAX_LENGTH) throw tooLong(text.length);
  const rule = text.trim();
  const operation = /^ci-process *=/.exec(rule);
  if (operation) {
    const [name = '', ...options] = rule.slice(operation[0].length).split('&');
    return ruleOf(name.trim(), options.map(optionOf));
  }
  return rule.startsWith('style/')
    ? checked({ kind: 'style', name: rule.slice('style/'.length) }, 'PIC_OPERATIONS_INVALID')
    : readPipeline(rule);
}

/** The rule of an operation whose options are already apart, as in the query of a download. */
export function ruleOf(operation: string, options: readonly RuleOption[]): PicRule {
  const given = withoutEmpty(options);
  return checked({ kind: 'ci-process', operation, options: given }, 'PIC_OPERATIONS_INVALID');
}

function readPipeline(text: string): PicRule {
  const operations = text.split('|').map((link) => {
    const [name = '', ...rest] = link.split('/').map((piece) => piece.trim());
    return { name, arguments: rest };
  });
  return checked({ kind: 'pipeline', operations }, 'PIC_OPERATIONS_INVALID');
}

/** Only the first `=` separates: standard Base64 ends in more of them. */
function optionOf(text: string): RuleOption {
  const equals = text.indexOf('=');
  return equals < 0
    ? [text.trim(), '']
    : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

function withoutEmpty(options: readonly RuleOption[]): readonly RuleOption[] {
  return options.filter(([, value]) => value !== '');
}

function textOf(rule: PicRule): string {
  switch (rule.kind) {
    case 'ci-process':
      return [['ci-process', rule.operation], ...rule.options]
        .map(([name, value]) => `${name}=${value}`)
        .join('&');
    case 'pipeline':
      return rule.operations
        .map((operation) => [operation.name, ...operation.arguments].join('/'))
        .join('|');
    case 'style':
      return `style/${rule.name}`;
  }
}

/** The same rule, of which every piece can stand in the text and be read from it again. */
function checked(rule: PicRule, code: FaultCode): PicRule {
  const problem = problemOf(rule);
  if (problem === undefined) return rule;
  throw new Fault(code, `No rule can say this: ${problem}`, { detail: { problem } });
}

function problemOf(rule: PicRule): string | undefined {
  switch (rule.kind) {
    case 'style':
      return pieceProblem('a style name', rule.name, /[/&|=\s]/);
    case 'ci-process':
      return nameProblem('an operation', rule.operation) ?? optionsProblem(rule.options);
    case 'pipeline':
      if (rule.operations.length > MAX_CHAINED)
        return `more than ${MAX_CHAINED} operations chained`;
      if (rule.operations.length === 0) return 'no operation at all';
      return firstProblem(rule.operations, chainedProblem);
  }
}

function optionsProblem(options: readonly RuleOption[]): string | undefined {
  if (options.length > MAX_OPTIONS) return `more than ${MAX_OPTIONS} options`;
  const names = new Set(options.map(([name]) => name));
  if (names.size < options.length) return 'an option is given twice';
  return firstProblem(
    options,
    ([name, value]) => nameProblem('an option', name) ?? pieceProblem(`"${name}"`, value, /&/),
  );
}

function chainedProblem({ name, arguments: given }: ChainedOperation): string | undefined {
  if (given.length > MAX_ARGUMENTS) return `more than ${MAX_ARGUMENTS} arguments`;
  if (name === 'style') return 'a style in a pipeline';
  const problem = nameProblem('an operation', name);
  if (problem !== undefined) return problem;
  if (given.length === 0 && !WITHOUT_ARGUMENTS.includes(name)) {
    return `${name} has no arguments; an operation of its own starts with "ci-process="`;
  }
  return firstProblem(given, (piece) => pieceProblem(`an argument of ${name}`, piece, /[/|&]/));
}

function nameProblem(what: string, name: string): string | undefined {
  return NAME.test(name) ? undefined : `${what} is called ${shown(name)}`;
}

function pieceProblem(what: string, text: string, separators: RegExp): string | undefined {
  const fits = text !== '' && text === text.trim() && !separators.test(text) && !NO_TEXT.test(text);
  return fits ? undefined : `${what} is ${shown(text)}`;
}

function firstProblem<T>(
  values: readonly T[],
  problem: (value: T) => string | undefined,
): string | undefined {
  for (const value of values) {
    const found = problem(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function tooLong(length: number): Fault {
  return new Fault('INPUT_TOO_LARGE', `A rule has ${length} characters`, {
    detail: { length, most: MAX_LENGTH },
  });
}
