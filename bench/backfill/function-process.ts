import { type ChildProcess, spawn } from 'node:child_process';
import { ended } from './engine-process.ts';

/** What a function is invoked with: an event, and keys of its role. */
interface Invocation {
  readonly event: object;
  readonly env: Readonly<Record<string, string>>;
}

/** Bytes, as the function's process tells of itself. */
interface Memory {
  readonly now: number;
  readonly most: number;
}

/** The built function in a process that can be killed; it starts again with the next invocation. */
export interface FunctionProcess {
  /** `done`, what it threw, or `killed`. */
  invoke(invocation: Invocation): Promise<string>;
  kill(): Promise<void>;
}

/** More than one invocation needs, as in a deployment: time of a slice, and for what ends it. */
export const LIMIT_MS = 60_000;

export function openFunctionProcess(
  folder: string,
  settings: Readonly<Record<string, string>>,
  hear: (memory: Memory) => void,
): FunctionProcess {
  let child: ChildProcess | undefined;
  let number = 0;

  const start = () => {
    const started = spawn(process.execPath, ['bench/backfill/invoked.mjs', folder], {
      env: settings,
      // Its log is lines that nobody reads here; what ends it unexpectedly is on standard error.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on('message', ({ rss, maxRss }: { rss: number; maxRss: number }) =>
      hear({ now: rss, most: maxRss }),
    );
    return started;
  };

  return {
    invoke({ event, env }) {
      child ??= start();
      const called = child;
      const context = { request_id: `r${++number}`, time_limit_in_ms: LIMIT_MS };
      return new Promise((resolve) => {
        const over = (answer: string) => {
          called.off('message', heard);
          called.off('exit', gone);
          resolve(answer);
        };
        const heard = ({ answer }: { answer?: string }) => answer !== undefined && over(answer);
        const gone = () => over('killed');
        called.on('message', heard);
        called.on('exit', gone);
        called.send({ event, context, env });
      });
    },
    async kill() {
      const killed = child;
      child = undefined;
      if (killed) await ended(killed, 'SIGKILL');
    },
  };
}
