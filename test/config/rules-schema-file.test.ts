import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { rulesJsonSchema } from '../../shared/config/rules-json-schema.ts';
import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import { defineOperation } from '../../shared/operations/define-operation.ts';
import { PICTURE_BASICS, pictureActions } from '../../shared/operations/picture-basics.ts';

const root = join(import.meta.dirname, '..', '..');
const published = readFileSync(join(root, 'docs', 'rules.schema.json'), 'utf8');
const sample = readFileSync(join(root, 'rules.yaml'), 'utf8');

test('the published schema is that of the rules, as npm run generate writes it', () => {
  expect(published).toBe(`${JSON.stringify(rulesJsonSchema(CATALOGUE), null, 2)}\n`);
});

test('the sample rules name the published schema, which takes them and no misspelling of theirs', () => {
  const schema = z.fromJSONSchema(JSON.parse(published));

  expect(sample.split('\n')[0]).toBe('# yaml-language-server: $schema=docs/rules.schema.json');
  expect(schema.safeParse(parse(sample)).error).toBeUndefined();
  for (const [right, wrong] of [
    ['operation: goods-matting', 'operation: goods-mating'],
    ['centre: true', 'center: true'],
    ['suffix: .mp4', 'sufix: .mp4'],
    ['magnify: 2', 'magnify: 3'],
  ] as const) {
    expect(sample).toContain(right);
    expect(schema.safeParse(parse(sample.replace(right, wrong))).success, wrong).toBe(false);
  }
});

test('an operation that is new in the catalogue is in the schema, with all it says', () => {
  const posterise = defineOperation({
    ...PICTURE_BASICS,
    ...pictureActions(),
    name: 'posterise',
    summary: 'Leaves only so many colours',
    wireName: 'AIPosterise',
    parameters: {
      colours: { kind: 'whole', min: 2, max: 16, required: true, says: 'How many to leave' },
    },
    encode: ({ colours }) => ({ options: { colours } }),
  });
  const text = JSON.stringify(rulesJsonSchema([...CATALOGUE, posterise]));

  for (const told of ['"posterise"', 'Leaves only so many colours', 'How many to leave']) {
    expect(text).toContain(told);
  }
});
