import { unzipSync } from 'fflate';
import { afterEach, expect, test } from 'vitest';
import type { FoundTrigger } from '../../infra/account.ts';
import { denialFault } from '../../infra/denial.ts';
import { addressOf } from '../../infra/found-trigger.ts';
import { readMark, writeMark } from '../../infra/mark.ts';
import { pack } from '../../infra/pack.ts';
import { lifecycleXml } from '../../infra/render/lifecycle.ts';
import { rotated } from '../../infra/rotate.ts';
import { sameJson } from '../../infra/same-json.ts';
import { modelOf } from './deployment-for-tests.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('the same code is the same zip, whatever the order and wherever the clock', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const hashes = ['UTC', 'Asia/Shanghai', 'America/New_York'].flatMap((name) => {
    process.env['TZ'] = name;
    return [
      pack({ 'index.js': bytes('one'), 'deployed.json': bytes('two') }).hash,
      pack({ 'deployed.json': bytes('two'), 'index.js': bytes('one') }).hash,
    ];
  });
  expect(new Set(hashes).size).toBe(1);
  const { zip } = pack({ 'index.js': bytes('one') });
  expect(Object.keys(unzipSync(zip))).toEqual(['index.js']);
});

test('a mark says what it was written with, in characters that a description may hold', () => {
  const mark = {
    ...{ suite: 'darkroom', stage: 'prod', code: 'a'.repeat(64), reserved: 1280 },
    regions: ['ap-guangzhou', 'ap-shanghai'],
  };
  expect(readMark(writeMark(mark))).toEqual(mark);
  expect(writeMark(mark)).toMatch(/^[\w .-]+$/);
  expect(readMark('Made by hand')).toBeUndefined();
});

test.for([
  ['{"a":["x"],"b":1}', '{"b":1,"a":"x"}', true],
  ['["x","y"]', '["y", "x"]', true],
  ['["x","y"]', '["x"]', false],
  ['{"a":1}', '{"a":2}', false],
  ['no json', 'no json', false],
] as const)('%s and %s say the same: %j', ([one, other, same]) => {
  expect(sameJson(one, other)).toBe(same);
});

function urlTrigger(described: object): FoundTrigger {
  const description = JSON.stringify(described);
  return { name: 'url', type: 'http', description, enabled: true, bound: true, message: '' };
}

test('the address of a function is found wherever the description has it', () => {
  const address = 'https://1250000000-abc.ap-guangzhou.tencentscf.com';
  const inside = 'https://1250000000-abc.in.ap-guangzhou.tencentscf.com';
  const CorsConfig = { Origins: ['https://studio.example'] };
  const net = { IntranetUrl: inside, ExtranetUrl: `${address}/` };
  expect(addressOf([urlTrigger({ CorsConfig, NetConfig: net })])).toBe(address);
  expect(addressOf([urlTrigger({ CorsConfig, Url: address })])).toBe(address);
  expect(addressOf([urlTrigger({ CorsConfig })])).toBeUndefined();
});

test('a denial is explained by what the service names, or else by what was asked', () => {
  const call = { service: 'scf', action: 'CreateFunction', parameters: {} } as const;
  const denied = (message: string) =>
    denialFault({ ok: false, code: 'UnauthorizedOperation', message }, call).message;
  expect(
    denied(
      'you are not authorized to perform operation (scf:CreateFunction)\nresource (qcs::scf:sh:uin/1:namespace/default) has no permission',
    ),
  ).toBe('The keys may not do scf:CreateFunction on qcs::scf:sh:uin/1:namespace/default');
  expect(denied('no')).toBe('The keys may not do scf:CreateFunction on *');
});

test('a successor stands before what it follows, and the third is forgotten', () => {
  const model = modelOf();
  const account = {
    ...{ appid: '', uin: '', serviceRoles: [], namespaces: [], roles: [], policies: [] },
    functions: [],
  };
  let made = 0;
  const next = () => `made${++made}`;
  const nothing = { links: false, callbacks: false, notices: false, keys: [] };
  const given = {
    DARKROOM_LINK_KEYS: 'second,first',
    DARKROOM_API_KEYS: `shop:${'2'.repeat(64)},shop:${'1'.repeat(64)},lab:${'9'.repeat(64)}`,
    DARKROOM_CALLBACK_SECRETS: 'only',
    DARKROOM_NOTICE_SECRET: 'told',
  };
  const on = { model, account, given };
  expect(rotated({ ...nothing, links: true }, on, () => 'third').secrets).toEqual({
    ...given,
    DARKROOM_LINK_KEYS: 'third,second',
  });
  const { secrets, tell } = rotated({ ...nothing, keys: ['shop'], notices: true }, on, next);
  expect(secrets.DARKROOM_API_KEYS?.split(',').map((entry) => entry.slice(0, 8))).toEqual([
    expect.stringMatching(/^shop:[0-9a-f]{3}$/),
    'shop:222',
    'lab:9999',
  ]);
  expect(tell.map(({ whom }) => whom)).toEqual(['receivers of notices', 'shop']);
  expect(JSON.stringify(secrets)).not.toContain(tell[1]?.secret);
});

test('only records are dropped by the rules for the bucket', () => {
  const xml = lifecycleXml({ prefix: 'a&b/darkroom/' });
  const prefixes = [...xml.matchAll(/<Prefix>(.*?)<\/Prefix>/g)].map(([, prefix]) => prefix);
  expect(prefixes.length).toBeGreaterThan(3);
  expect(prefixes.every((prefix) => prefix?.startsWith('a&amp;b/darkroom/'))).toBe(true);
});
