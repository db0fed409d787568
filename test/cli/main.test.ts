import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { check } from '../../cli/check.ts';
import { defineCommand } from '../../cli/command.ts';
import { main } from '../../cli/main.ts';
import { plan } from '../../cli/plan.ts';
import { Fault } from '../../shared/core/fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkroom-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function darkroom(argv: readonly string[], commands = [check, plan] as never[]) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(argv, commands, '1.2.3', {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    env: {},
  });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

function rulesFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const GOOD = `
templates:
  cutout@2:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
prices: { goods-matting: 0.01 }
`;

test('the plan of an upload says what happens and what it costs', async () => {
  const rules = rulesFile('good.yaml', GOOD);
  const { exitCode, out } = await darkroom([
    'plan',
    '--rules',
    rules,
    '--size',
    '2048',
    'in/mug.jpg',
  ]);
  expect(out).toContain('in/mug.jpg (2048 bytes)\n  products: goods-matting -> cutouts/in/mug.png');
  expect(out).toContain('cost: 0.01');
  expect(exitCode).toBe(0);
});

test('metadata on the command line is the metadata of the objects', async () => {
  const rules = rulesFile(
    'opt-out.yaml',
    GOOD.replace('prefix: in/', 'prefix: in/, unlessMetadata: keep'),
  );
  const { out } = await darkroom(['plan', '--rules', rules, '--meta', 'keep=yes', 'in/mug.jpg']);
  expect(out).toContain('products: opted-out');
});

test('a rules file without mistakes is ready', async () => {
  const rules = rulesFile('good.yaml', GOOD);
  expect(await darkroom(['check', '--rules', rules])).toEqual({
    exitCode: 0,
    out: `${rules}: 1 templates, 1 rules, ready`,
    err: '',
  });
});

test('a mistake is shown at its line, and nothing is planned', async () => {
  const rules = rulesFile('bad.yaml', GOOD.replace('use: cutout', 'use: cutuot'));
  for (const command of ['check', 'plan']) {
    const { exitCode, out, err } = await darkroom([command, '--rules', rules]);
    expect(err).toContain('bad.yaml:7:');
    expect(err).toContain('Did you mean "cutout"?');
    expect(out).toBe('');
    expect(exitCode).toBe(1);
  }
});

test('a rules file that is not there is named', async () => {
  const { exitCode, err } = await darkroom(['check', '--rules', join(folder, 'none.yaml')]);
  expect(err).toContain('none.yaml: there is no such file');
  expect(exitCode).toBe(1);
});

test.for([
  [['paln'], "error: unknown command 'paln'"],
  [['plan', '--rulse', 'x'], "error: unknown option '--rulse'"],
  [['plan', '--size', 'big'], 'It has to be a whole number.'],
] as const)('a command line that cannot be meant, %j, exits with 2', async ([argv, says]) => {
  const { exitCode, err } = await darkroom(argv);
  expect(err).toContain(says);
  expect(exitCode).toBe(2);
});

test('help and version are answers, not errors', async () => {
  expect(await darkroom(['--version'])).toEqual({ exitCode: 0, out: '1.2.3', err: '' });
  const { exitCode, out } = await darkroom(['plan', '--help']);
  expect(out).toContain('--rules <file>');
  expect(exitCode).toBe(0);
});

const given: unknown[] = [];
const odd = defineCommand({
  name: 'odd',
  summary: 'Shows what it was given',
  flags: {
    openDoor: { type: 'switch', says: 'a switch' },
    samples: { type: 'switch', or: true, says: 'on unless switched off' },
    bucket: { type: 'list', value: 'name', says: 'may be repeated' },
    port: { type: 'number', or: 9000, value: 'n', says: 'a number' },
    data: { type: 'text', value: 'folder', says: 'a text' },
  },
  async run(flags) {
    given.push(flags);
    if (flags.data === 'fault')
      throw new Fault('RULES_INVALID', 'It went wrong', { hint: 'Do this' });
    return 3;
  },
});

test('flags arrive typed, named as in the code', async () => {
  const argv = [
    'odd',
    '--open-door',
    '--no-samples',
    '--bucket',
    'a',
    '--bucket',
    'b',
    '--port',
    '0',
  ];
  expect((await darkroom(argv, [odd] as never[])).exitCode).toBe(3);
  expect((await darkroom(['odd'], [odd] as never[])).exitCode).toBe(3);
  expect(given).toEqual([
    { openDoor: true, samples: false, bucket: ['a', 'b'], port: 0, data: undefined },
    { openDoor: false, samples: true, bucket: [], port: 9000, data: undefined },
  ]);
});

test('a fault is told with its code and what to do', async () => {
  const { exitCode, err } = await darkroom(['odd', '--data', 'fault'], [odd] as never[]);
  expect(err).toBe('It went wrong (RULES_INVALID)\n  Do this');
  expect(exitCode).toBe(1);
});
