import { writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Operations } from '../../../../local/ci/operations-port.ts';
import { startEngine } from '../../../../local/engine/engine.ts';

// An engine with jobs that take a few moments each, until it is killed. It tells its port when it is
// ready, and every job that begins.

export type Told = 'begun' | `ready ${number}`;

const NOT_HERE = async () => {
  throw new Error('This engine makes videos only');
};

async function main([data = '', bucket = '', secretId = '', secretKey = '']: string[]) {
  const operations: Operations = {
    name: 'slow',
    async video({ inputPath, outputPath, signal }) {
      tell('begun');
      await wait(Math.random() * 250, undefined, { signal });
      await copyFile(inputPath, outputPath);
    },
    picture: NOT_HERE,
    info: NOT_HERE,
    stop: async () => {},
  };
  const credentials = { secretId, secretKey };
  const engine = await startEngine({ port: 0, data, buckets: [bucket], credentials, operations });
  await engine.events.rules.add({
    ...{ id: 'all', bucket, events: ['cos:ObjectCreated:*'], enabled: true },
    ...{ prefix: 'out/', suffix: '', subscriber: 'nobody' },
  });
  tell(`ready ${engine.port}`);
}

function tell(line: Told): void {
  writeSync(1, `${line}\n`);
}

if (process.argv[1]?.endsWith('jobs-child.cjs')) void main(process.argv.slice(2));
