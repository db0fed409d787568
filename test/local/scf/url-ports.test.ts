import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askEngine } from '../../../cli/ask-engine.ts';
import { send } from '../engine/asking.ts';
import { engineForTests } from '../engine-for-tests.ts';
import { scfClient } from './account-clients.ts';
import { deployed } from './deployed.ts';

const SAYS = 'exports.main_handler = async ({ headers, body }) => ({ host: headers.host, body });';

interface Listed {
  readonly functions: readonly {
    readonly triggers: readonly { readonly localAddress?: string }[];
  }[];
}

test('a function that has an address has a port of this machine, the same after a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'darkroom-ports-'));
  const first = await engineForTests({ data });
  const client = scfClient(first.engine);
  await deployed(first.engine, 'says', SAYS);
  const url = { FunctionName: 'says', TriggerName: 'url', Type: 'http' };
  const TriggerDesc = '{"AuthType":"NONE"}';
  const { TriggerInfo } = await client.CreateTrigger({ ...url, TriggerDesc });
  const { host } = new URL(JSON.parse(TriggerInfo?.TriggerDesc ?? '').NetConfig.ExtranetUrl);
  const listed = async (port: number) => {
    const { functions } = (await askEngine({ data, port }, '/functions')) as Listed;
    return functions[0]?.triggers[0]?.localAddress ?? '';
  };
  const ask = async (address: string) => {
    const sent = { method: 'POST', host: 'whatever.example', body: 'a mug' };
    return JSON.parse((await send({ port: Number(new URL(address).port) }, sent)).text);
  };

  const address = await listed(first.engine.port);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await ask(address)).toEqual({ host, body: 'a mug' });
  await first.engine.storage.snapshots.save('one');
  await client.DeleteTrigger({ ...url, TriggerDesc });
  await expect(ask(address)).rejects.toThrow('ECONNREFUSED');
  await first.engine.storage.snapshots.load('one');
  await expect.poll(() => listed(first.engine.port)).toBe(address);
  await first.stop();
  await expect(ask(address)).rejects.toThrow('ECONNREFUSED');

  // Somebody else may have it by then.
  const taken = await engineForTests({ port: Number(new URL(address).port) });
  const second = await engineForTests({ data });
  const other = await listed(second.engine.port);
  expect(other).not.toBe(address);
  expect(await ask(other)).toEqual({ host, body: 'a mug' });
  await second.stop();
  await taken.stop();
  const third = await engineForTests({ data });
  expect(await ask(address)).toEqual({ host, body: 'a mug' });
  await third.stop();
  rmSync(data, { recursive: true });
});
