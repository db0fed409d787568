import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import { PLACEHOLDERS } from '../../shared/plan/pattern.ts';
import type { Blocks } from './blocks.ts';
import { code, plain, table } from './markdown.ts';
import { type Schema, takes, wordedSchema } from './schema-words.ts';

/** Settings whose maps have a table of their own, by the heading it stands under. */
const SEE: Readonly<Record<string, string>> = {
  templates: 'templates',
  outputs: 'outputs',
  into: 'keys-to-write',
  job: 'jobs',
  rules: 'rules',
  when: 'when',
  limits: 'limits',
  perDay: 'budgets',
  perRule: 'budgets',
  perBackfill: 'budgets',
  budget: 'budgets',
  prices: 'prices',
  schedule: 'schedule',
  http: 'http',
  callers: 'callers',
  notices: 'notices',
};

const HEAD = ['Setting', 'Takes', 'Unless given', 'What it says'];

/** Every setting of the rules file, from the schema that reads it. */
export function rulesTables(): Blocks {
  const file = wordedSchema(CATALOGUE);
  const { into = {}, job = {} } = file.definitions ?? {};
  const output = partOf(file, 'templates', 'outputs');
  const rule = partOf(file, 'rules');
  const limits = partOf(file, 'limits');
  const http = partOf(file, 'http');
  return {
    file: settingsOf(file),
    template: settingsOf(partOf(file, 'templates')),
    output: outputSettings(output.oneOf?.[0] ?? {}, { into, job }),
    into: settingsOf(into.anyOf?.[1] ?? {}),
    placeholders: placeholders(),
    job: settingsOf(job),
    rule: settingsOf(rule),
    when: settingsOf(partOf(rule, 'when')),
    limits: settingsOf(limits),
    budget: settingsOf(partOf(limits, 'perDay')),
    schedule: settingsOf(partOf(file, 'schedule')),
    http: settingsOf(http),
    callers: settingsOf(partOf(http, 'callers')),
    notices: settingsOf(partOf(file, 'notices')),
    state: settingsOf(partOf(file, 'state')),
  };
}

/** What a setting holds; of a list or map of many, each of them. */
function partOf(schema: Schema, ...path: readonly string[]): Schema {
  const [name, ...rest] = path;
  const many = schema.items ?? (schema.properties ? undefined : schema.additionalProperties);
  if (many) return partOf(many, ...path);
  if (name === undefined) return schema;
  const setting = schema.properties?.[name];
  if (!setting) throw new Error(`The rules file has no setting "${path.join('.')}" any more`);
  return partOf(setting, ...rest);
}

function settingsOf({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => [
    code(name),
    takes(schema, SEE[name]),
    required.includes(name) ? '**needed**' : defaultOf(schema),
    plain(schema.description ?? ''),
  ]);
  return table(HEAD, rows);
}

function defaultOf({ default: or }: Schema): string {
  const says = JSON.stringify(or);
  return or === undefined || says === '{}' || says === '""' ? '' : code(says.replaceAll('"', ''));
}

/** Outputs differ by their operation, in nothing but its name and parameters. */
function outputSettings(
  { properties = {} }: Schema,
  shared: Readonly<Record<string, Schema>>,
): string {
  const names = CATALOGUE.map(({ name }) => `[${code(name)}](operations.md#${name})`);
  const { operation: _, with: parameters, ...others } = properties;
  const rows = [
    ['`operation`', `one of ${names.join(', ')}`, '**needed**', 'What the service shall do'],
    ['`with`', 'a map, [see there](operations.md)', '', plain(parameters?.description ?? '')],
  ];
  const settings = settingsOf({ properties: { ...others, ...shared } });
  return [table(HEAD, rows), ...settings.split('\n').slice(2)].join('\n');
}

function placeholders(): string {
  const rows = Object.entries(PLACEHOLDERS).map(([name, says]) => [code(`{${name}}`), says]);
  return table(['Placeholder', 'Stands for'], rows);
}
