import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { uinOf } from '../../cam/account.ts';
import type { Identities, TemporaryKey } from '../../cam/identities.ts';
import type { Functions } from '../functions.ts';
import type { InvocationLogs, LoggedInvocation } from '../logs.ts';
import { type FunctionName, functionKey, type StoredFunction } from '../stored-function.ts';
import { contextOf, instanceEnv, invocationEnv, keyVariables } from './function-env.ts';
import { Guard } from './guard.ts';
import type { Ended, InstanceOptions } from './instance.ts';
import { failed, type Outcome, STATUSES } from './outcome.ts';
import { Pool } from './pool.ts';
import { MOST_SYNC_BYTES } from './talk.ts';

const SCF_SERVICE = 'scf.qcloud.com';
/** How much memory all functions of an account may have at the same time, in MB. */
export const ACCOUNT_MB = 128_000;
const IDLE_MS = 60_000;

export interface HostOptions {
  readonly functions: Functions;
  readonly identities: Pick<Identities, 'serviceKey'>;
  readonly logs: InvocationLogs;
  readonly appid: string;
  /** Where functions have files of their own. */
  readonly folder: string;
  /** The address functions find the engine at. */
  endpoint(): string;
  now(): number;
  /** How long a process waits for its next invocation, by the real clock. */
  readonly idleMs?: number;
}

export interface Invocation {
  /** JSON. */
  readonly event: string;
  readonly source: 'cos' | 'timer' | 'url' | 'invoke';
  readonly requestId?: string;
  /** 0 for the first try. */
  readonly retry?: number;
}

/** An invocation under way. */
export interface Invoked {
  readonly requestId: string;
  readonly answer: Promise<Outcome>;
  /** With what is logged of it. */
  readonly end: Promise<LoggedInvocation>;
}

/** Runs functions, each in processes of its own. */
export class Host {
  readonly #options: HostOptions;
  readonly #pools = new Map<string, { readonly pool: Pool; readonly revision: string }>();
  readonly #retired = new Set<Pool>();
  readonly #guard = new Guard();
  #ownFolders: string | undefined;
  #running = new Set<Promise<unknown>>();
  #stopped = false;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  /** How many processes there are. */
  get processes(): number {
    return [...this.#pools.values()].reduce((sum, { pool }) => sum + pool.processes, 0);
  }

  /** A function has changed or is gone: what runs of it runs to its end. */
  changed(name: FunctionName): void {
    const key = functionKey(name);
    const known = this.#pools.get(key);
    const stored = this.#options.functions.tables.find(name);
    if (!known || (stored && known.revision === revisionOf(stored))) return;
    this.#pools.delete(key);
    this.#retire(known.pool);
  }

  invoke(stored: StoredFunction, invocation: Invocation): Invoked {
    const requestId = invocation.requestId ?? randomUUID();
    const at = this.#options.now();
    let answer: (outcome: Outcome) => void = () => {};
    const answered = new Promise<Outcome>((resolve) => {
      answer = resolve;
    });
    const end = this.#carryOut(stored, { ...invocation, requestId }, answer)
      .catch((thrown): Result => result(failed('internal', String(thrown))))
      .then(async (ended) => {
        answer(ended);
        const { status, message, log, memory, durationMs, cold } = ended;
        const logged: LoggedInvocation = {
          ...{ id: '', requestId, function: functionKey(stored), at, durationMs, memory, cold },
          ...{ source: invocation.source, retry: invocation.retry ?? 0 },
          ...{ status, code: STATUSES[status].code, message: message.slice(0, 1000), log },
        };
        // What a function said is not worth more than what it did: a full disk stops neither.
        if (!this.#stopped) await this.#options.logs.keep(logged).catch(() => undefined);
        return logged;
      });
    this.#running.add(end);
    void end.finally(() => this.#running.delete(end));
    return { requestId, answer: answered, end };
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const pools = [...[...this.#pools.values()].map(({ pool }) => pool), ...this.#retired];
    this.#pools.clear();
    this.#retired.clear();
    await Promise.all(pools.map((pool) => pool.stop()));
    this.#guard.stop();
    if (this.#ownFolders) rmSync(this.#ownFolders, { recursive: true, force: true });
    this.#ownFolders = undefined;
  }

  /** Runs again after the storage was put back to another state. */
  resume(): void {
    this.#stopped = false;
  }

  async #carryOut(
    stored: StoredFunction,
    { event, source, requestId }: Invocation & { readonly requestId: string },
    answer: (outcome: Outcome) => void,
  ): Promise<Result> {
    const bytes = Buffer.byteLength(event);
    if (bytes > MOST_SYNC_BYTES) return result(failed('request-too-large', `${bytes} bytes`));
    const { identities, appid, now } = this.#options;
    const key =
      stored.role === '' ? undefined : await identities.serviceKey(stored.role, SCF_SERVICE);
    if (stored.role !== '' && !key) {
      return result(
        failed('role', `There is no role "${stored.role}" that ${SCF_SERVICE} may assume`),
      );
    }
    const folder = realpathSync(await this.#options.functions.folderOf(stored));
    const pool = this.#poolOf(stored);
    const acquired = await pool.acquire(() => this.#instanceOptions(stored, folder, key));
    if ('refused' in acquired) return { ...result(acquired.refused), log: acquired.log };
    const { instance, cold } = acquired;
    try {
      const run = instance.invoke({
        event,
        context: contextOf(stored, { requestId, appid, uin: uinOf(appid) }),
        env: invocationEnv(key, source),
        aheadMs: now() - Date.now(),
        limitMs: stored.timeoutSeconds * 1000,
      });
      void run.answer.then(answer);
      return { ...(await run.end), cold };
    } finally {
      pool.release(instance);
    }
  }

  #poolOf(stored: StoredFunction): Pool {
    const key = functionKey(stored);
    const revision = revisionOf(stored);
    const known = this.#pools.get(key);
    if (known?.revision === revision) return known.pool;
    if (known) this.#retire(known.pool);
    const pool = new Pool({
      quota: Math.floor((stored.reserved ?? ACCOUNT_MB) / stored.memory),
      processes: Math.max(4, 2 * availableParallelism()),
      idleMs: this.#options.idleMs ?? IDLE_MS,
    });
    this.#pools.set(key, { pool, revision });
    return pool;
  }

  #instanceOptions(
    stored: StoredFunction,
    folder: string,
    key: TemporaryKey | undefined,
  ): InstanceOptions {
    const ownFolder = this.#newOwnFolder();
    const places = { folder, ownFolder, endpoint: this.#options.endpoint() };
    return {
      ...{ folder, ownFolder, handler: stored.handler, memory: stored.memory },
      initTimeoutMs: stored.initTimeoutSeconds * 1000,
      env: { ...instanceEnv(stored, places), ...keyVariables(key) },
      guard: this.#guard,
    };
  }

  #retire(pool: Pool): void {
    pool.retire();
    for (const each of this.#retired) if (each.processes === 0) this.#retired.delete(each);
    this.#retired.add(pool);
  }

  /** What an engine that was killed left there is nobody's. */
  #newOwnFolder(): string {
    const { folder } = this.#options;
    if (this.#ownFolders === undefined) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#ownFolders = realpathSync(folder);
    }
    return mkdtempSync(join(this.#ownFolders, 'i-'));
  }
}

interface Result extends Ended {
  readonly cold: boolean;
}

function result(outcome: Outcome): Result {
  return { ...outcome, log: '', memory: 0, durationMs: 0, cold: false };
}

/** What an instance cannot be given later. */
function revisionOf(stored: StoredFunction): string {
  const { id, code, handler, memory, role, environment, initTimeoutSeconds, reserved } = stored;
  return JSON.stringify([
    id,
    code,
    handler,
    memory,
    role,
    environment,
    initTimeoutSeconds,
    reserved,
  ]);
}
