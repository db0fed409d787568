import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import EarlierCOS from 'cos-nodejs-sdk-v5-2';
import { instantOperations } from '../../local/ci/instant.ts';
import { type Engine, startEngine } from '../../local/engine/engine.ts';
import type { EngineOptions } from '../../local/engine/options.ts';

export const BUCKET = 'shop-1250000000';
export const REGION = 'ap-guangzhou';
export const HOST = `${BUCKET}.cos.${REGION}.myqcloud.com`;
export const KEYS = { secretId: 'AKIDOwnerOfTheEngine', secretKey: 'SecretKeyOfTheOwner' };

/** Both lines of the official client: the earlier signs fewer headers and retries more. */
export const SDKS: readonly (readonly [version: string, Sdk: typeof COS])[] = [
  [COS.version, COS],
  // Its types are the same but for what the engine has not.
  [EarlierCOS.version, EarlierCOS as unknown as typeof COS],
];

/** An engine of one test file, in memory, on a free port. */
export interface EngineForTests {
  readonly engine: Engine;
  /** The real names of the bucket in the Host header, the engine's address on the wire. */
  client(Sdk: typeof COS, options?: COS.COSOptions): COS;
  stop(): Promise<void>;
}

export async function engineForTests(options: EngineOptions = {}): Promise<EngineForTests> {
  const engine = await startEngine({
    ...{ port: 0, credentials: KEYS, buckets: [BUCKET] },
    // What is around the pixels is tested with operations that cost next to nothing.
    operations: instantOperations(),
    ...options,
  });
  // The client keeps the ids of interrupted uploads in a file, by default in the home folder.
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-sdk-'));
  return {
    engine,
    client: (Sdk, more) =>
      new Sdk({
        SecretId: KEYS.secretId,
        SecretKey: KEYS.secretKey,
        Protocol: 'http:',
        Ip: `127.0.0.1:${engine.port}`,
        ConfCwd: folder,
        ...more,
      }),
    async stop() {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
