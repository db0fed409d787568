import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startEngine } from '../../local/engine/engine.ts';
import { ROOT } from './pages.ts';

test('the script of the README puts an object into the engine and gets it back', async () => {
  const engine = await startEngine({ port: 0, buckets: ['darkroom-1250000000'] });
  try {
    const { secretId, secretKey } = engine.credentials;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'docs', 'try-engine.mjs')],
      {
        env: {
          PATH: process.env['PATH'],
          HTTP_PROXY: engine.url,
          TENCENTCLOUD_SECRETID: secretId,
          TENCENTCLOUD_SECRETKEY: secretKey,
        },
      },
    );
    expect(stdout).toBe(
      [
        'put  incoming/hello.txt, ETag "8e999f4143025cbf0e7f2cd7436ba63e"',
        'got  Hello, darkroom!',
        'list incoming/hello.txt, 16 bytes',
        '',
      ].join('\n'),
    );
  } finally {
    await engine.stop();
  }
});
