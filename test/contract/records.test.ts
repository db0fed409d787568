import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { REQUEST_ACTIONS } from '../../shared/plan/request-actions.ts';
import { openBucketRecords } from '../../shared/store/bucket-records.ts';
import { folderRecords } from '../../shared/store/folder-records.ts';
import { memoryRecords } from '../../shared/store/memory-records.ts';
import type { Credentials } from '../../shared/wire/signature.ts';
import { clientOf } from '../client/client-for-tests.ts';
import { BUCKET, type EngineForTests, engineForTests, REGION } from '../local/engine-for-tests.ts';
import { recordsContract } from './records-contract.ts';

const OF_BUCKET = `qcs::cos:${REGION}:uid/1250000000:${BUCKET}`;

function bucketRecords(
  engine: EngineForTests,
  prefix = 'state/',
  terms: Parameters<typeof clientOf>[1] = {},
) {
  const { objects, textsIn } = clientOf(engine, terms);
  const state = { bucket: BUCKET, region: REGION, prefix };
  return openBucketRecords(state, { texts: textsIn(state), objects });
}

describe('records in memory', () => {
  recordsContract(async () => memoryRecords());
});

describe('records in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-records-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let opened = 0;
  recordsContract(async () => folderRecords(join(folder, String(opened++))));
});

describe('records in a bucket, while the service fails', () => {
  let running: EngineForTests;
  let keys: Credentials;
  let opened = 0;
  beforeAll(async () => {
    running = await engineForTests();
    // No more than a function that keeps records is allowed: it can delete nothing.
    const { readRecord, writeRecord, seeVersioning, listRecords } = REQUEST_ACTIONS;
    const policy = JSON.stringify({
      version: '2.0',
      statement: [readRecord, writeRecord, seeVersioning, listRecords].map(({ actions, on }) => ({
        effect: 'allow',
        action: actions,
        resource: [on === 'record' ? `${OF_BUCKET}/state/*` : `${OF_BUCKET}/`],
      })),
    });
    keys = await running.engine.identities.temporaryKey({ owner: true }, 1800, policy);
    const about = { operations: [], bucket: BUCKET };
    running.engine.faults.add({ id: 'a', effect: 'status', status: 500, percent: 5, ...about });
    running.engine.faults.add({ id: 'b', effect: 'reset', percent: 3, ...about });
    running.engine.faults.add({ id: 'c', effect: 'lose-answer', percent: 5, ...about });
    running.engine.faults.add({ id: 'd', effect: 'slow', ms: 5, percent: 3, ...about });
    running.engine.faults.add({ id: 'e', effect: 'throttle', percent: 3, ...about });
    running.engine.faults.add({ id: 'f', effect: 'cut', afterBytes: 3, percent: 3, ...about });
  });
  afterAll(() => running.stop());
  recordsContract(() => bucketRecords(running, `state/${opened++}/`, { keys: () => keys }));

  test('a creation whose answer is always lost is known again as our own', async () => {
    const calm = await engineForTests();
    const records = await bucketRecords(calm);
    calm.engine.faults.add({
      id: 'lost',
      effect: 'lose-answer',
      operations: ['PutObject'],
      percent: 100,
      times: 1,
    });

    expect(await records.create('lost/a.json', '1')).toBe(true);
    expect(await records.create('lost/a.json', '1')).toBe(false);
    await calm.stop();
  });

  // The engine keeps no versions, so the answer to that one question is given by hand.
  test.for(['enabled', 'suspended'] as const)(
    'a bucket whose versioning is %s is refused before anything is written',
    async (versioning) => {
      const { objects, textsIn } = clientOf(running);
      const state = { bucket: BUCKET, region: REGION, prefix: 'state/' };
      const texts = { ...textsIn(state), versioning: async () => versioning };

      await expect(openBucketRecords(state, { texts, objects })).rejects.toMatchObject({
        code: 'STATE_BUCKET_UNFIT',
      });
    },
  );

  test('records that a missing bucket would hold are not said to be missing', async () => {
    const place = { bucket: 'gone-1250000000', region: REGION };
    const texts = clientOf(running).textsIn(place);

    await expect(texts.get('a.json')).rejects.toMatchObject({ code: 'SERVICE_NOT_OPEN' });
  });

  test('what else lies below the prefix is not listed', async () => {
    const calm = await engineForTests();
    const records = await bucketRecords(calm);
    await records.write('a/1.json', '1');
    const sdk = calm.client(COS);
    for (const key of ['state/a/', 'state/a/0.txt', 'state/a/ü.json', 'elsewhere/a/1.json']) {
      await sdk.putObject({ Bucket: BUCKET, Region: REGION, Key: key, Body: 'x' });
    }

    expect(await records.list('', { limit: 10 })).toEqual(['a/1.json']);
    await calm.stop();
  });
});
