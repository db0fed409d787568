import { expect, test } from 'vitest';
import { link } from '../../cli/link.ts';
import { main } from '../../cli/main.ts';
import { openSeals } from '../../shared/client/seals.ts';
import { linkText } from '../../shared/wire/link.ts';

const KEY = 'a-signing-key-of-at-least-32-characters';

async function darkroom(argv: readonly string[], env: Readonly<Record<string, string>>) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), env };
  const exitCode = await main(argv, [link as never], '1.2.3', io);
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

test('darkroom link signs what on-demand believes', async () => {
  const said = await darkroom(
    ['link', 'cutout', 'in/mug.jpg', '--url', 'https://x.example/', '--seconds', '60'],
    { DARKROOM_LINK_KEYS: `${KEY}, another-signing-key-of-32-characters` },
  );
  expect(said.exitCode).toBe(0);
  const address = new URL(said.out);
  expect(address.origin + address.pathname).toBe('https://x.example/v1/render/cutout/in/mug.jpg');
  const untilSeconds = Number(address.searchParams.get('expires'));
  expect(untilSeconds * 1000 - Date.now()).toBeLessThanOrEqual(60_000);
  const signed = { template: 'cutout', of: { key: 'in/mug.jpg' }, output: 1, untilSeconds };
  const signature = address.searchParams.get('signature') ?? '';
  expect(openSeals([KEY]).isSealOf(linkText(signed), signature)).toBe(true);
});

test.for([
  [{}, ['cutout', 'in/mug.jpg'], 1],
  [{ DARKROOM_LINK_KEYS: 'too-short' }, ['cutout', 'in/mug.jpg'], 1],
  [{ DARKROOM_LINK_KEYS: KEY }, ['cutout'], 2],
  [{ DARKROOM_LINK_KEYS: KEY }, ['cutout', 'in/mug.jpg', '--seconds', '0'], 2],
] as const)('without a key or a subject nothing is signed: %#', async ([env, argv, exitCode]) => {
  const said = await darkroom(['link', ...argv], env);
  expect(said).toMatchObject({ exitCode, out: '' });
  expect(said.err).not.toContain('too-short');
});
