import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { snippets } from './pages.ts';

const SECRET = 'a secret of at least thirty-two characters';
const NOW = 1_800_000_000_000;

test('what the page shows believes notices that are signed and fresh, and no others', async () => {
  const [, shown] = snippets('ts').find(([, { text }]) => text.includes('isFromDarkroom')) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'verify.mjs');
  writeFileSync(file, transformSync(shown?.text ?? '', { loader: 'ts' }).code);
  const { isFromDarkroom } = await import(file);

  const signed = (seconds: number, body: string) => {
    const hmac = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex');
    const timestamp = String(seconds);
    return { 'x-darkroom-timestamp': timestamp, 'x-darkroom-signature': `sha256=${hmac}` };
  };
  const fresh = signed(NOW / 1000 - 10, '{}');
  expect(isFromDarkroom(fresh, '{}', SECRET, NOW)).toBe(true);
  expect(isFromDarkroom(fresh, '{ }', SECRET, NOW)).toBe(false);
  expect(isFromDarkroom(fresh, '{}', `${SECRET}!`, NOW)).toBe(false);
  expect(isFromDarkroom(signed(NOW / 1000 - 400, '{}'), '{}', SECRET, NOW)).toBe(false);
  expect(isFromDarkroom({}, '{}', SECRET, NOW)).toBe(false);
});
