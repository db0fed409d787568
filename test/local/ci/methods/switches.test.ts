import { afterEach, expect, test } from 'vitest';
import type { Switches } from '../../../../local/ci/switches.ts';
import { type EngineForTests, engineForTests, HOST, KEYS, REGION } from '../../engine-for-tests.ts';
import { rawRequest } from '../../raw-request.ts';
import { signByHand } from '../../sdk/signed-by-hand.ts';
import { boxPicture } from '../pictures/pictures-for-tests.ts';

let bench: EngineForTests | undefined;
afterEach(() => bench?.stop());

async function uploads(switches: Partial<Switches>) {
  bench = await engineForTests({ switches });
  const { port, identities } = bench.engine;
  const size = { width: 30, height: 20 };
  const body = await boxPicture(size, { left: 2, top: 2, width: 5, height: 5 }).png().toBuffer();
  const put = async (rules: readonly string[], keys = KEYS) => {
    const named = rules.map((rule, at) => ({ fileid: `/out/${at}.png`, rule }));
    const headers = {
      Host: HOST,
      Authorization: signByHand({ method: 'put', path: '/in/a.png', keys }).text,
      'Pic-Operations': JSON.stringify({ rules: named }),
    };
    const answer = await rawRequest(port, { line: 'PUT /in/a.png', headers, body });
    return `${answer.status} ${answer.headers['x-errno'] ?? ''}`.trim();
  };
  return { put, identities };
}

const MATTING = 'ci-process=AIPicMatting';

test.for([
  [false, '200'],
  [true, '400 -60997'],
] as const)(
  'oneMattingRuleOnUpload %s answers two rules with AIPicMatting %s',
  async ([on, expected]) => {
    const { put } = await uploads({ oneMattingRuleOnUpload: on });
    expect(await put([MATTING, 'imageMogr2/strip'])).toBe(expected);
    expect(await put([MATTING])).toBe('200');
    expect(await put(['ci-process=GoodsMatting', 'ci-process=GoodsMatting'])).toBe('200');
  },
);

test.for([
  [false, '200'],
  [true, '400 -60998'],
] as const)('repairNeedsMask %s answers a repair without a mask %s', async ([on, expected]) => {
  const { put } = await uploads({ repairNeedsMask: on });
  expect(await put(['ci-process=ImageRepair'])).toBe(expected);
});

test.for([
  [false, '200'],
  [true, '403'],
] as const)('ciActionsOnPersist %s answers who may only write %s', async ([on, expected]) => {
  const { put, identities } = await uploads({ ciActionsOnPersist: on });
  const resource = `qcs::cos:${REGION}:uid/1250000000:shop-1250000000/*`;
  const statement = [{ effect: 'allow', action: 'cos:*', resource }];
  await identities.putPolicy('writer', JSON.stringify({ version: '2.0', statement }));
  const keys = await identities.putUser('writer', ['writer']);
  expect(await put([MATTING], keys)).toBe(expected);
  expect(await put(['imageMogr2/strip'], keys)).toBe('200');
});
