import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(ROOT, 'dist', 'functions');
const names = readdirSync(join(ROOT, 'functions')).filter((name) =>
  existsSync(join(ROOT, 'functions', name, 'handler.ts')),
);

/** Loads the one file, says what it offers and what it required, and ends when nothing is left to do. */
const LOADER = `
const { Module } = require('node:module');
const required = [];
const load = Module._load;
Module._load = (name, ...rest) => (required.push(name), load(name, ...rest));
const loaded = require('./index.js');
process.stdout.write(JSON.stringify({ exports: Object.keys(loaded), required }));
`;

test.for(names)('%s is one file that needs nothing beside it', async (name) => {
  // Away from the project, where no package could be found.
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(join(BUILT, name, 'index.js'), join(folder, 'index.js'));

  const { stdout } = await promisify(execFile)(process.execPath, ['-e', LOADER], {
    cwd: folder,
    env: {},
    timeout: 20_000,
  });
  const { exports, required } = JSON.parse(stdout);
  expect(exports).toEqual(['main_handler']);
  const ours = required.slice(1).map((one: string) => one.replace(/^node:/, ''));
  expect(ours.filter((one: string) => !builtinModules.includes(one))).toEqual([]);
});

test('the function that each upload waits for stays small', () => {
  expect(statSync(join(BUILT, 'on-upload', 'index.js')).size).toBeLessThan(250 * 1024);
});
