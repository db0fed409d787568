import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { startEngine } from '../../../local/engine/engine.ts';
import { BUCKET, seen } from './client-steps.ts';
import { cosClient } from './cos-client.ts';
import { expected, newModel } from './model.ts';
import { steps } from './steps.ts';

// Random requests to an engine and to a plain object in memory must have the same outcome, and the
// engine must not be seen to have been stopped and started in between.

const KEYS = { secretId: 'model', secretKey: 'model-secret' };
const folder = mkdtempSync(join(tmpdir(), 'darkroom-model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;

async function engineIn(data: string) {
  const engine = await startEngine({ port: 0, data, buckets: [BUCKET], credentials: KEYS });
  const cos = cosClient(engine.port, BUCKET, KEYS);
  const stop = async () => {
    cos.close();
    await engine.stop();
  };
  return { cos, stop };
}

test('an engine does what the plainest of stores would do, through restarts', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const data = join(folder, `${runs++}`);
      const model = newModel();
      const ids: string[] = [];
      let engine = await engineIn(data);
      try {
        for (const step of [
          ...all,
          { do: 'list', prefix: '', delimiter: '', marker: '', max: 1000 } as const,
        ]) {
          if (step.do === 'restart') {
            await engine.stop();
            engine = await engineIn(data);
          } else {
            const answer = await seen(engine.cos, { model, ids }, step);
            expect(answer, JSON.stringify(step)).toEqual(expected(model, step));
          }
        }
      } finally {
        await engine.stop();
        rmSync(data, { recursive: true });
      }
    }),
    { numRuns: 20 },
  );
});
