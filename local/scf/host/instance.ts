import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import { frameOf, frameReader } from './frames.ts';
import type { Guard } from './guard.ts';
import { LogBuffer, Output } from './log-buffer.ts';
import { failed, type Outcome } from './outcome.ts';
import { processFile } from './process-file.ts';
import { processFlags } from './process-flags.ts';
import type { FromFunction, ToFunction } from './talk.ts';

export interface InstanceOptions {
  /** Where the code lies. */
  readonly folder: string;
  /** Its own place to write; made and removed with it. */
  readonly ownFolder: string;
  readonly handler: string;
  readonly memory: number;
  readonly initTimeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly guard: Guard;
}

/** An invocation on an instance. */
export interface Run {
  /** What the caller hears. */
  readonly answer: Promise<Outcome>;
  /** What came of it in the end: a call that was answered may still run out of time. */
  readonly end: Promise<Ended>;
}

export interface Ended extends Outcome {
  readonly log: string;
  readonly memory: number;
  readonly durationMs: number;
}

export type Asked = Omit<ToFunction['invoke'], 'mark'>;

/** How long the last of what a process wrote is waited for. */
const OUTPUT_MS = 1_000;

/** One process of a function. It does one thing at a time, and after a failure of its own nothing more. */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #child: ChildProcess;
  readonly #engine: Duplex;
  readonly #outputs: readonly Output[];
  /** What the process wrote before its first invocation is part of that. */
  #log = new LogBuffer();
  #stderr = '';
  #hear: (message: FromFunction) => void = () => {};
  /** Why we ended the process, where we did. */
  #killed: Outcome | undefined;
  #uncaught: Outcome | undefined;
  #gone = false;
  readonly #exited: Promise<Outcome>;
  readonly #ready: Promise<Outcome | undefined>;

  constructor(options: InstanceOptions) {
    this.#options = options;
    const { folder, ownFolder, handler, memory, env, guard } = options;
    mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
    const file = processFile();
    const flags = processFlags({ reads: [file, `${folder}/`], writes: [`${ownFolder}/`], memory });
    this.#child = spawn(process.execPath, [...flags, file, folder, handler], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const { pid } = this.#child;
    if (pid !== undefined) guard.add(pid);
    // A pipe that is neither input nor output goes both ways.
    this.#engine = this.#child.stdio[3] as Duplex;
    this.#outputs = [this.#child.stdout, this.#child.stderr].map((stream) => this.#listen(stream));
    this.#child.stderr?.on('data', (piece) => {
      this.#stderr = `${this.#stderr}${piece}`.slice(-4096);
    });
    this.#child.once('exit', () => {
      if (pid !== undefined) guard.drop(pid);
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(failed('no-resources', String(error))));
      this.#child.once('close', (code, signal) => resolve(this.#outcomeOfExit(code, signal)));
    });
    void this.#exited.then(() => {
      this.#gone = true;
      for (const output of this.#outputs) output.flush();
      rmSync(ownFolder, { recursive: true, force: true });
    });
    this.#engine.on('error', () => {});
    this.#engine.on('data', this.#reader());
    this.#ready = this.#untilReady();
  }

  get gone(): boolean {
    return this.#gone || this.#killed !== undefined;
  }

  /** Why the process cannot take an invocation; nothing when it can. */
  get ready(): Promise<Outcome | undefined> {
    return this.#ready;
  }

  invoke(asked: Asked): Run {
    const started = performance.now();
    const mark = `\0${randomBytes(16).toString('hex')}\0`;
    const written = this.#outputs.map((output) => output.until(mark));
    let memory = 0;
    let answer: Outcome | undefined;
    let tell: (outcome: Outcome) => void = () => {};
    const answered = new Promise<Outcome>((resolve) => {
      tell = resolve;
    });
    const over = new Promise<void>((resolve) => {
      this.#hear = (message) => {
        if (message.is === 'over') {
          memory = Number(message.memory) || 0;
          resolve();
          return;
        }
        answer ??= outcomeOf(message);
        if (answer) tell(answer);
      };
    });
    this.#engine.write(frameOf({ invoke: { ...asked, mark } } satisfies ToFunction));

    const { limitMs } = asked;
    const message = `Invoking task timed out after ${limitMs / 1000} seconds`;
    const timer = setTimeout(() => this.#kill(failed('timeout', message)), limitMs);
    const end = Promise.race([over.then(() => undefined), this.#exited]).then(async (exit) => {
      clearTimeout(timer);
      if (!exit) await atMost(Promise.all(written), OUTPUT_MS);
      const outcome =
        exit ?? answer ?? failed('internal', 'The process of the function is confused');
      tell(outcome);
      const log = this.#log.text;
      this.#log = new LogBuffer();
      this.#hear = () => {};
      return { ...outcome, log, memory, durationMs: performance.now() - started };
    });
    return { answer: answered, end };
  }

  stop(): Promise<unknown> {
    this.#kill(failed('internal', 'The engine stops'));
    return this.#exited;
  }

  async #untilReady(): Promise<Outcome | undefined> {
    const { initTimeoutMs } = this.#options;
    const heard = new Promise<Outcome | undefined>((resolve) => {
      this.#hear = (message) => {
        if (message.is === 'ready') resolve(undefined);
        else if (message.is === 'not-ready') {
          const { because, thrown } = message;
          resolve(
            failed(
              because === 'code' ? 'code-load' : 'no-handler',
              text(thrown?.message),
              text(thrown?.stack),
            ),
          );
        }
      };
    });
    const message = `Initialising timed out after ${initTimeoutMs / 1000} seconds`;
    const timer = setTimeout(() => this.#kill(failed('timeout', message)), initTimeoutMs);
    const problem = await Promise.race([heard, this.#exited]);
    clearTimeout(timer);
    return problem;
  }

  /** What the process wrote until it was ready to be invoked, for a start that failed. */
  get log(): string {
    return this.#log.text;
  }

  #kill(because: Outcome): void {
    this.#killed ??= because;
    this.#child.kill('SIGKILL');
  }

  #outcomeOfExit(code: number | null, signal: string | null): Outcome {
    if (this.#killed) return this.#killed;
    if (this.#uncaught) return this.#uncaught;
    if (/heap out of memory|Allocation failed/.test(this.#stderr)) {
      return failed('memory', `The function has more than ${this.#options.memory} MB in use`);
    }
    return failed('exited', `The process ended with ${signal ?? `code ${code}`}`);
  }

  #listen(stream: Readable | null): Output {
    const output = new Output((piece) => this.#log.add(piece));
    stream?.on('data', (piece: Buffer) => output.take(piece));
    stream?.on('error', () => {});
    return output;
  }

  #reader(): (piece: Buffer) => void {
    const read = frameReader((message) => this.#heard(message));
    return (piece) => {
      try {
        read(piece);
      } catch {
        this.#kill(failed('internal', 'The process of the function is confused'));
      }
    };
  }

  #heard(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('is' in message)) return;
    const said = message as FromFunction;
    if (said.is !== 'uncaught') this.#hear(said);
    else this.#uncaught = failed('user-code', text(said.thrown?.message), text(said.thrown?.stack));
  }
}

function outcomeOf(message: FromFunction): Outcome | undefined {
  switch (message.is) {
    case 'answer':
      return { status: 'success', value: text(message.value), message: '', stack: '' };
    case 'too-large':
      return failed('response-too-large', `${message.bytes} bytes`);
    case 'thrown':
      return failed('user-code', text(message.thrown?.message), text(message.thrown?.stack));
    default:
      return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
