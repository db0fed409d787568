import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The command in a process of its own. */
export interface EngineProcess {
  readonly child: ChildProcess;
  /** The port, once it says that it is ready. */
  readonly ready: Promise<number>;
  /** What it said and how it ended, once it has. */
  readonly ended: Promise<Ending>;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** `command` is the built command; `port` is a free one unless a flag says otherwise. */
export function engineProcess(
  command: string,
  flags: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): EngineProcess {
  const port = flags.includes('--port') ? [] : ['--port', '0'];
  const child = spawn(process.execPath, [command, 'engine', ...port, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let out = '';
  let err = '';
  const ended = once(child, 'close').then(([code, signal]): Ending => ({ code, signal, out, err }));
  const ready = new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const port = /^ready http:\/\/127\.0\.0\.1:(\d+)\n/m.exec(out)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    ended.then(() => reject(new Error(`It ended before it was ready: ${err}`)), reject);
  });
  ready.catch(() => {}); // some tests want it to end
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return { child, ready, ended };
}

/** As a person at a keyboard or a supervisor stops it. */
export async function stopped(
  { child, ended }: EngineProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Ending> {
  child.kill(signal);
  return ended;
}
