import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

test.skipIf(process.platform === 'win32')('the built command can be run as it lies there', () => {
  const { stdout, error } = spawnSync(join(root, 'dist', 'cli', 'darkroom.js'), ['--version']);
  expect(error).toBeUndefined();
  expect(String(stdout)).toMatch(/^\d+\.\d+\.\d+\n$/);
});
