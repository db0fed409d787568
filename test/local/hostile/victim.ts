import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '../../../local/engine/options.ts';
import { built } from '../kill/built.ts';

export const BUCKET = 'victim-1250000000';
export const KEYS = { secretId: 'victim', secretKey: 'victim-secret' };

/** An engine in a process of its own, so that what it takes of memory can be told. */
export interface Victim {
  readonly port: number;
  /** Holds the data folder and nothing else. */
  readonly parent: string;
  /** In bytes: what it holds now, and the most it ever held. */
  memory(): Promise<{ readonly rss: number; readonly peak: number }>;
  stop(): Promise<void>;
}

export async function startVictim(options: EngineOptions = {}): Promise<Victim> {
  const child = await built(fileURLToPath(new URL('victim-child.ts', import.meta.url)));
  const parent = mkdtempSync(join(tmpdir(), 'darkroom-victim-'));
  const process = fork(child.path, { execArgv: ['--expose-gc'] });
  const ended = once(process, 'exit');
  async function asked<Answer>(message: object): Promise<Answer> {
    const answered = once(process, 'message');
    process.send(message);
    const [answer] = await Promise.race([answered, ended.then(ends)]);
    return answer;
  }
  const { port } = await asked<{ port: number }>({
    start: {
      port: 0,
      buckets: [BUCKET],
      credentials: KEYS,
      data: join(parent, 'data'),
      ...options,
    },
  });
  return {
    port,
    parent,
    memory: () => asked({ ask: 'memory' }),
    async stop() {
      process.send({ ask: 'stop' });
      await ended;
      child.remove();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

function ends(): never {
  throw new Error('The engine died');
}
