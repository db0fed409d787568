// The process of a function: everything else in it is the function's own code. It is built into a file
// of its own and knows nothing but this folder.
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { frameOf, frameReader } from './frames.ts';
import { shiftDate } from './shift-date.ts';
import { type FromFunction, MOST_SYNC_BYTES, type Thrown, type ToFunction } from './talk.ts';

type Handler = (
  event: unknown,
  context: Record<string, unknown>,
  callback: (error: unknown, value?: unknown) => void,
) => unknown;

const [, , folder = '', name = ''] = process.argv;
// Before the code of the function could put others in their place.
const { stdout, stderr, exit } = process;
const say = (text: string) => {
  stdout.write(text);
  stderr.write(text);
};
const { parse, stringify } = JSON;
const memoryUsed = process.memoryUsage.rss;

const engine = new Socket({ fd: 3 });
const tell = (message: FromFunction, then?: () => void) => engine.write(frameOf(message), then);
// Without the engine there is nobody to work for.
engine.on('close', () => exit(0));
engine.on('error', () => exit(0));

let handler: Handler | undefined;
/** Ends the invocation that runs, whatever of it is still to come. */
let end: (() => void) | undefined;

function thrownOf(error: unknown): Thrown {
  if (error instanceof Error) {
    return { message: String(error.message), stack: String(error.stack ?? error) };
  }
  return { message: String(error), stack: '' };
}

function load(): void {
  const [file = '', exported = ''] = name.split('.');
  let code: Record<string, unknown>;
  try {
    code = createRequire(join(folder, 'index.js'))(join(folder, file));
  } catch (error) {
    const missing = error instanceof Error && isMissing(error, file);
    tell({ is: 'not-ready', because: missing ? 'no-handler' : 'code', thrown: thrownOf(error) });
    return;
  }
  const found = code[exported];
  if (typeof found !== 'function') {
    const message = `${file} exports no function ${exported}`;
    tell({ is: 'not-ready', because: 'no-handler', thrown: { message, stack: '' } });
    return;
  }
  handler = found as Handler;
  tell({ is: 'ready' });
}

/** The file itself, and not something that it asks for. */
function isMissing(error: Error, file: string): boolean {
  return error.message.startsWith(`Cannot find module '${join(folder, file)}'`);
}

function invoke({ mark, event, context, env, aheadMs, limitMs }: ToFunction['invoke']): void {
  for (const [variable, value] of Object.entries(env)) {
    if (value === null) delete process.env[variable];
    else process.env[variable] = value;
  }
  shiftDate(aheadMs);
  const until = performance.now() + limitMs;
  const given: Record<string, unknown> = {
    ...context,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(until - performance.now())),
  };

  let answered = false;
  const answer = (message: FromFunction) => {
    if (answered) return;
    answered = true;
    tell(message);
  };
  end = () => {
    end = undefined;
    // A function that never says anything has said nothing.
    answer({ is: 'answer', value: 'null' });
    say(mark);
    tell({ is: 'over', memory: memoryUsed() });
    engine.ref();
  };
  const callback = (error: unknown, value?: unknown) => {
    answer(error === null || error === undefined ? answerOf(value) : failure(error));
    if (given['callbackWaitsForEmptyEventLoop'] === false) end?.();
  };

  engine.unref();
  try {
    const returned = handler?.(parse(event), given, callback);
    if (!isPromise(returned)) return;
    returned.then(
      (value) => answer(answerOf(value)),
      (error) => answer(failure(error)),
    );
  } catch (error) {
    answer(failure(error));
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

function failure(error: unknown): FromFunction {
  return { is: 'thrown', thrown: thrownOf(error) };
}

function answerOf(value: unknown): FromFunction {
  try {
    const text = stringify(value) ?? 'null';
    const bytes = Buffer.byteLength(text);
    return bytes > MOST_SYNC_BYTES ? { is: 'too-large', bytes } : { is: 'answer', value: text };
  } catch (error) {
    return failure(error);
  }
}

// The engine's connection does not count while the function runs: what is left is the function's own.
process.on('beforeExit', () => end?.());
process.on('uncaughtException', (error) => {
  stderr.write(`${thrownOf(error).stack || error}\n`);
  tell({ is: 'uncaught', thrown: thrownOf(error) }, () => exit(1));
  engine.ref();
});

const read = frameReader((message) => invoke((message as ToFunction).invoke));
engine.on('data', read);
load();
