import { createHash } from 'node:crypto';
import type { OpenPort } from '../../server/listen.ts';
import type { StoredTrigger } from '../stored-function.ts';
import { urlHost } from './url-trigger.ts';

/** Opens a port of this machine that stands for a host. */
export type OpenUrlPort = (host: string, port: number) => Promise<OpenPort>;

/** Below those that systems give away by themselves. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port of this machine for each address of a function: for programs that look up no such names. */
export class UrlPorts {
  readonly #openPort: OpenUrlPort;
  readonly #open = new Map<string, Promise<OpenPort | undefined>>();
  readonly #ports = new Map<string, number>();
  /** By the function. */
  readonly #labels = new Map<string, readonly string[]>();

  constructor(openPort: OpenUrlPort) {
    this.#openPort = openPort;
  }

  /** Where programs on this machine reach an address; nothing while it has no port. */
  addressOf(label: string): string | undefined {
    const port = this.#ports.get(label);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /** The addresses of a function from now on. Resolves when they have their ports. */
  async set(key: string, region: string, triggers: readonly StoredTrigger[]): Promise<void> {
    const labels = triggers.flatMap(({ label }) => label ?? []);
    for (const label of this.#labels.get(key) ?? []) {
      if (!labels.includes(label)) this.#close(label);
    }
    if (labels.length > 0) this.#labels.set(key, labels);
    else this.#labels.delete(key);
    await Promise.all(labels.map((label) => this.#opened(label, urlHost(label, region))));
  }

  stop(): void {
    for (const label of [...this.#open.keys()]) this.#close(label);
    this.#labels.clear();
  }

  #opened(label: string, host: string): Promise<unknown> {
    const known = this.#open.get(label);
    if (known) return known;
    // The same after a restart, unless somebody has it.
    const opening = this.#openPort(host, portFor(label))
      .catch(() => this.#openPort(host, 0))
      // Without a port of its own it has its name.
      .catch(() => undefined);
    this.#open.set(label, opening);
    return opening.then((opened) => {
      if (opened && this.#open.get(label) === opening) this.#ports.set(label, opened.port);
    });
  }

  #close(label: string): void {
    void this.#open.get(label)?.then((opened) => opened?.close());
    this.#open.delete(label);
    this.#ports.delete(label);
  }
}

function portFor(label: string): number {
  return FIRST + (createHash('sha256').update(label).digest().readUInt32BE() % COUNT);
}
