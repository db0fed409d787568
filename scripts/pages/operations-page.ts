import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import type { InputLimits, Method, Operation } from '../../shared/operations/operation.ts';
import type { Parameter } from '../../shared/operations/parameter.ts';
import { REQUEST_ACTIONS } from '../../shared/plan/request-actions.ts';
import type { Blocks } from './blocks.ts';
import { code, number, oneOf, sentence, table } from './markdown.ts';

const METHODS: Readonly<Record<Method, string>> = {
  download: 'at download',
  upload: 'at upload',
  cloud: 'for a stored object',
  job: 'as a job',
};

/** Everything the catalogue knows. */
export function operationsPage(catalogue: readonly Operation[] = CATALOGUE): Blocks {
  const rows = catalogue.map(({ name, summary, billedPer }) => [
    `[${code(name)}](#${name})`,
    sentence(summary),
    `per ${billedPer}`,
  ]);
  return {
    overview: table(['Operation', 'What it does', 'Billed'], rows),
    operations: catalogue.map(sectionOf).join('\n\n'),
  };
}

function sectionOf(operation: Operation): string {
  const { name, summary, wireName, unconfirmed } = operation;
  return [
    `## ${name}`,
    `${sentence(summary)} The service calls it ${code(wireName)}. [An example](rules.md#example-${name})`,
    parameterTable(operation),
    factsOf(operation)
      .map((fact) => `- ${fact}`)
      .join('\n'),
    methodTable(operation),
    ...(unconfirmed.length === 0
      ? []
      : [`Not confirmed by any page:\n\n${unconfirmed.map(doubt).join('\n')}`]),
  ].join('\n\n');
}

function parameterTable({ parameters }: Operation): string {
  const all = Object.entries(parameters);
  if (all.length === 0) return 'It takes no parameters.';
  const rows = all.map(([name, parameter]) => [
    code(name),
    taken(parameter),
    unlessGiven(parameter),
    parameter.says,
  ]);
  return table(['Parameter', 'Takes', 'Unless given', 'What it says'], rows);
}

function taken(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'flag':
      return oneOf([code(true), code(false)]);
    case 'whole':
      return `a whole number from ${number(parameter.min)} to ${number(parameter.max)}`;
    case 'pair':
      return `two whole numbers from ${number(parameter.min)} to ${number(parameter.max)}`;
    case 'choice':
      return oneOf(parameter.of.map(code));
    case 'colour':
      return 'a colour such as `"#00ff00"`';
    case 'object':
      return 'the key of an object, with or without [placeholders](rules.md#placeholders)';
    case 'mask':
      return 'one of `{ key: ... }`, with or without [placeholders](rules.md#placeholders), `{ url: ... }`, `{ polygons: [[[x, y], ...], ...] }`';
    case 'text':
      return `a text, at most ${number(parameter.maxLength)} characters`;
  }
}

function unlessGiven(parameter: Parameter): string {
  if (parameter.required) return '**needed**';
  return 'or' in parameter && parameter.or !== undefined ? code(parameter.or) : '';
}

function factsOf({ input, output, billedPer, priceKey, canFallBack, makes }: Operation): string[] {
  const ends = oneOf(output.extensions.map((ending) => code(`.${ending}`)));
  return [
    `Takes: ${inputOf(input)}.`,
    output.contentType === 'as-source'
      ? `Writes: a ${makes}, in the format of its source.`
      : `Writes: ${code(output.contentType)}; the key ends in ${ends}.`,
    `Billed per ${billedPer}, under ${code(priceKey)} in \`prices\`.`,
    canFallBack
      ? 'Can store the source instead when it fails (`whenItFails: original`).'
      : 'Cannot store the source instead when it fails.',
  ];
}

const MB = 1024 * 1024;

function inputOf({ formats, maxBytes, maxSide, maxPixels, maxWidth, maxHeight }: InputLimits) {
  const bounds = [
    ...(formats.length > 0 ? [formats.join(', ')] : []),
    ...(maxBytes === undefined ? [] : [`at most ${number(maxBytes / MB)} MB`]),
    ...(maxSide === undefined ? [] : [`at most ${number(maxSide)} pixels wide and high`]),
    ...(maxPixels === undefined ? [] : [`at most ${number(maxPixels)} pixels in all`]),
    ...(maxWidth === undefined ? [] : [`at most ${number(maxWidth)} pixels wide`]),
    ...(maxHeight === undefined ? [] : [`at most ${number(maxHeight)} pixels high`]),
  ];
  return bounds.length > 0 ? bounds.join('; ') : 'no page says what';
}

function methodTable({ methods, rulesPerRequest, actions, doubtful, passesRole }: Operation) {
  const rows = methods.map((method) => {
    const inOne = method === 'upload' || method === 'cloud' ? number(rulesPerRequest[method]) : '1';
    const role = method === 'job' && passesRole ? REQUEST_ACTIONS.passRole.actions.map(code) : [];
    return [
      METHODS[method],
      inOne,
      [...(actions[method] ?? []).map(code), ...role].join(', '),
      (doubtful[method] ?? []).map(code).join(', '),
    ];
  });
  return table(['Asked for', 'In one request', 'Needs', 'Doubtful'], rows);
}

function doubt({ method, says }: Operation['unconfirmed'][number]): string {
  return `- ${METHODS[method]}: ${says}`;
}
