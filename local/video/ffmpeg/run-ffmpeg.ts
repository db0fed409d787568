import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Ffmpeg } from './find-ffmpeg.ts';

/** An ffmpeg at work. */
export interface FfmpegRun {
  readonly input: Writable;
  readonly output: Readable;
  /** A second way out of it, `pipe:3` in its arguments. */
  readonly aside: Readable;
  /** Resolves with what it wrote to standard error; rejects with why it failed. */
  readonly ended: Promise<string>;
  kill(): void;
}

/** Why ffmpeg failed, in its last words. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
}

type Pipes = [input: Writable, output: Readable, errors: Readable, aside: Readable];

const SAID_AT_MOST = 32 * 1024;

/** More threads than this make a video hardly faster, and each of them holds frames. */
export const THREADS = String(Math.min(4, availableParallelism()));

/** Starts one that dies with the signal, and knows nothing of this process but its pipes. */
export function runFfmpeg(ffmpeg: Ffmpeg, args: readonly string[], signal: AbortSignal): FfmpegRun {
  signal.throwIfAborted();
  const child = spawn(ffmpeg.path, ['-hide_banner', '-nostdin', ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { LC_ALL: 'C', ...windowsNeeds() },
    windowsHide: true,
  });
  const [input, output, errors, aside] = child.stdio as unknown as Pipes;
  function kill(): void {
    child.kill('SIGKILL');
    // What nobody will read any more would keep it from being heard to close.
    for (const pipe of [input, output, aside]) pipe.destroy();
  }
  signal.addEventListener('abort', kill, { once: true });
  // Whoever writes to one that has died hears it from `ended`, which knows why.
  for (const pipe of [input, output, errors, aside]) pipe.on('error', () => {});

  // A pipe that nobody reads would never be heard to close.
  for (const [name, pipe] of [
    ['pipe:1', output],
    ['pipe:3', aside],
  ] as const) {
    if (!args.includes(name)) pipe.resume();
  }
  let said = '';
  errors.setEncoding('utf8');
  errors.on('data', (text: string) => {
    said = (said + text).slice(-SAID_AT_MOST);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', (thrown) => reject(new FfmpegError(thrown.message)));
    child.once('close', (code) => {
      if (signal.aborted) reject(signal.reason);
      else if (code === 0) resolve(said);
      else reject(new FfmpegError(lastWords(said)));
    });
  });
  ended
    .catch(() => {})
    .finally(() => {
      signal.removeEventListener('abort', kill);
      for (const pipe of [input, output, aside]) pipe.destroy();
    });
  return { input, output, aside, ended, kill };
}

/** The last line that says something, without places on this machine and in memory. */
function lastWords(said: string): string {
  const lines = said
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replace(/^\[[^\]]*\] */, '')
        .replace(/(\/|[A-Z]:\\)[^\s:']*[/\\]/g, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('Conversion failed'));
  return lines.at(-1)?.slice(0, 200) ?? 'ffmpeg ended without a word';
}

function windowsNeeds(): Record<string, string> {
  const root = process.env['SystemRoot'];
  return root === undefined ? {} : { SystemRoot: root };
}
