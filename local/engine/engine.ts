import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../shared/core/fault.ts';
import { type Identities, type KeyPair, openIdentities } from '../cam/identities.ts';
import { answerCi } from '../ci/answer-ci.ts';
import { PAUSES_MS } from '../ci/callbacks/after-try.ts';
import { type EngineCallbacks, openCallbacks } from '../ci/callbacks/open-callbacks.ts';
import { instantOperations } from '../ci/instant.ts';
import { type EngineJobs, openJobs } from '../ci/jobs/open-jobs.ts';
import { fetchInside } from '../ci/methods/fetch-inside.ts';
import { fetchOutside } from '../ci/methods/fetch-outside.ts';
import { meansJobs } from '../ci/on-cos-host.ts';
import { switchesWith } from '../ci/switches.ts';
import { answerAccount, answerBucket, type Handled, type Strike } from '../cos/answer-cos.ts';
import { isBucketName, regionOf } from '../cos/bucket.ts';
import { type EngineEvents, openBucketEvents } from '../cos/events/open-bucket-events.ts';
import type { CosService } from '../cos/exchange.ts';
import { folderStorage } from '../cos/storage/folder-storage.ts';
import { memoryStorage } from '../cos/storage/memory-storage.ts';
import type { Storage } from '../cos/storage/storage.ts';
import { type Address, addressOf, isEngineHost } from '../server/address.ts';
import { certificateFor } from '../server/certificates.ts';
import { type EngineClock, engineClock } from '../server/clock.ts';
import { FAULT_BUCKET, type Faults, faultList } from '../server/faults.ts';
import { httpDate } from '../server/http-date.ts';
import type { Incoming } from '../server/incoming.ts';
import { incomingOf } from '../server/incoming-of.ts';
import { listen } from '../server/listen.ts';
import { THIS_MACHINE } from '../server/listen-on-all.ts';
import { type RequestLog, requestLog } from '../server/request-log.ts';
import { send } from '../server/send.ts';
import { spokenAnswer } from '../server/spoken-fault.ts';
import { answerAdmin } from './admin.ts';
import { engineSnapshots } from './engine-snapshots.ts';
import { FAULT_HEADER, faultInHeader } from './fault-effects.ts';
import { type Keepsakes, openKeepsakes } from './keepsakes.ts';
import { loggedRequest } from './logged-request.ts';
import { type MadeBucket, makeBucket, type WantedBucket } from './make-bucket.ts';
import { DEFAULT_APPID, DEFAULT_PORT, DEFAULT_REGION, type EngineOptions } from './options.ts';

/** An engine that serves. */
export interface Engine {
  readonly url: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly region: string;
  readonly appid: string;
  readonly credentials: KeyPair;
  readonly adminToken: string;
  /** Files that programs and people can read. */
  readonly paths: {
    readonly credentials: string;
    readonly adminToken: string;
    readonly authority: string;
  };
  readonly clock: EngineClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly storage: Storage;
  readonly identities: Identities;
  readonly events: EngineEvents;
  readonly callbacks: EngineCallbacks;
  readonly jobs: EngineJobs;
  /** Makes a bucket, or changes what is said of the one there. */
  makeBucket(wanted: WantedBucket): Promise<MadeBucket>;
  /** Lets what is under way end, and lets go of the folder. */
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const appid = appidOf(options.buckets ?? []);
  const clock = engineClock();
  const kept = options.data
    ? await folderStorage(options.data, { sync: options.sync ?? false, clock: clock.now })
    : memoryStorage({ clock: clock.now });
  let keepsakes: Keepsakes | undefined;
  try {
    keepsakes = openKeepsakes(options.data, options.credentials);
    return await engineOver({ appid, clock, kept, keepsakes }, options);
  } catch (thrown) {
    clock.stop();
    await kept.close();
    keepsakes?.forget();
    throw thrown;
  }
}

/** What an engine is built on. */
interface Foundation {
  readonly appid: string;
  readonly clock: EngineClock;
  readonly kept: Storage;
  readonly keepsakes: Keepsakes;
}

async function engineOver(
  { appid, clock, kept, keepsakes }: Foundation,
  options: EngineOptions,
): Promise<Engine> {
  const { region = DEFAULT_REGION, buckets = [] } = options;
  const now = () => clock.now();
  const identities = await openIdentities({
    owner: keepsakes.credentials,
    bare: options.bareAccount ?? false,
    now,
    tables: {
      policies: kept.table('cam-policies'),
      roles: kept.table('cam-roles'),
      users: kept.table('cam-users'),
      sessions: kept.table('cam-sessions'),
    },
  });
  const events = openBucketEvents({
    storage: kept,
    clock,
    appid,
    regionOf: (bucket) => regionOf({ storage: kept, region }, bucket),
  });
  const switches = switchesWith(options.switches);
  const callbacks = openCallbacks({
    ...{ storage: kept, clock, appid },
    allowPrivate: options.allowPrivateFetch ?? false,
    pausesMs: switches.callbacksTriedOnce ? [] : PAUSES_MS,
  });
  const furnish = async () => {
    for (const name of buckets) await makeBucket({ storage: kept, region }, { name });
  };
  await furnish();
  const snapshots = engineSnapshots({
    ...{ snapshots: kept.snapshots, identities, furnish },
    running: [{ stop: () => jobs.stop(), reload: () => jobs.reload() }, events, callbacks],
  });
  const storage: Storage = { ...kept, snapshots };
  const operations = options.operations ?? instantOperations();
  const bare: CosService = { storage, identities, events, appid, region, now };
  const book = {
    // A name of this account counts also where there is no such bucket: a slip of the keyboard must
    // not write into the first one.
    isBucket: (name: string) =>
      storage.buckets.get(name) !== undefined || (isBucketName(name) && name.endsWith(`-${appid}`)),
    defaultBucket: buckets[0],
  };
  const outside = fetchOutside(options.allowPrivateFetch ?? false);
  const ci = {
    operations,
    switches,
    fetch: fetchInside(bare, book, outside),
  };
  const service = { ...bare, ci };
  const jobs = openJobs({
    ...{ host: service, callbacks, limits: options.queues, timeoutMs: options.jobTimeoutMs },
    workFolder: keepsakes.paths.work,
    bare: options.bareAccount ?? false,
  });
  const jobService = { ...service, jobs };

  const faults = faultList();
  const requests = requestLog(options.onRequest);
  const strike: Strike = (target) => faults.strike(target);
  const strikeFor = ({ headers }: Incoming): Strike => {
    const asked = headers[FAULT_HEADER];
    return asked === undefined ? strike : () => faultInHeader(asked);
  };
  const isForJobs = (incoming: Incoming, address: Extract<Address, { on: 'bucket' }>) =>
    address.service === 'ci' ||
    meansJobs(
      incoming,
      address.rawPath,
      (key) => storage.objects.head(address.bucket, key) !== undefined,
    );

  async function respond(request: IncomingMessage, response: ServerResponse, wait: boolean) {
    const started = performance.now();
    const incoming = incomingOf(request, response, now(), wait);
    const { method, rawPath, rawQuery } = incoming;
    const host = incoming.headers['host'] ?? '';
    const address = addressOf({ method, host, rawPath, rawQuery }, book);
    const handled = await handle(incoming, address, response);
    if (!handled) return;
    const answer = { ...handled.answer, headers: withUsual(handled, incoming) };
    const sending = send(answer, handled.effect, response);
    // Whoever reads the log through the admin API does not want to read of that.
    if (address.on !== 'admin') {
      requests.add(loggedRequest(handled, incoming, performance.now() - started));
    }
    await sending;
  }

  /** The answer, or nothing where there is none to be had. */
  async function handle(
    incoming: Incoming,
    address: Address,
    response: ServerResponse,
  ): Promise<Handled | undefined> {
    if (address.on === 'bucket') {
      if (address.bucket === FAULT_BUCKET) {
        const spoken = spokenAnswer(incoming);
        if (spoken === 'timeout') return undefined;
        if (spoken === 'shutdown') response.socket?.destroy();
        if (spoken === 'shutdown') return undefined;
        if (spoken) return elsewhere('Spoken', spoken);
      }
      if (isForJobs(incoming, address)) {
        return answerCi(jobService, incoming, address, strikeFor(incoming));
      }
      return answerBucket(service, incoming, address, strikeFor(incoming));
    }
    if (address.on === 'account') {
      if (address.service === 'ci') {
        return answerCi(jobService, incoming, address, strikeFor(incoming));
      }
      return answerAccount(service, incoming, address, strikeFor(incoming));
    }
    if (address.on === 'admin') return elsewhere('Admin', await answerAdmin(engine, incoming));
    return elsewhere('Nowhere', nowhere(address));
  }

  const listening = await listen({
    port: options.port ?? DEFAULT_PORT,
    tlsPort: options.tlsPort,
    hosts: [...THIS_MACHINE, ...(options.listen ?? [])],
    certificateFor: (names) => certificateFor(names, keepsakes.authority),
    isOurs: isEngineHost,
    patience: options.patience,
    answer(request, response, wait) {
      respond(request, response, wait).catch(() => response.destroy());
    },
  }).catch(async (thrown) => {
    await jobs.stop();
    events.stop();
    callbacks.stop();
    throw thrown;
  });

  const engine: Engine = {
    url: `http://127.0.0.1:${listening.port}`,
    port: listening.port,
    tlsPort: listening.tlsPort,
    region,
    appid,
    credentials: keepsakes.credentials,
    adminToken: keepsakes.adminToken,
    paths: keepsakes.paths,
    clock,
    faults,
    requests,
    storage,
    identities,
    events,
    callbacks,
    jobs,
    makeBucket: (wanted) => makeBucket(service, wanted),
    async stop() {
      await listening.close();
      await jobs.stop();
      events.stop();
      callbacks.stop();
      clock.stop();
      await operations.stop();
      await storage.close();
      keepsakes.forget();
    },
  };
  return engine;
}

/** There is one account, and the names of its buckets say which. */
function appidOf(buckets: readonly string[]): string {
  const wrong = buckets.find((name) => !isBucketName(name));
  if (wrong !== undefined) {
    throw new Fault('BUCKET_NAME_INVALID', `"${wrong}" cannot name a bucket`, {
      hint: 'A name is <name>-<appid> in lower case letters, digits and dashes: shop-1250000000.',
    });
  }
  const appids = new Set(buckets.map((name) => name.slice(name.lastIndexOf('-') + 1)));
  if (appids.size > 1) {
    throw new Fault(
      'BUCKET_NAME_INVALID',
      `The buckets belong to accounts ${[...appids].join(', ')}`,
      {
        hint: 'An engine is one account: give all buckets the same appid.',
      },
    );
  }
  return [...appids][0] ?? DEFAULT_APPID;
}

function elsewhere(operation: string, answer: Handled['answer']): Handled {
  return {
    answer,
    operation,
    bucket: undefined,
    key: undefined,
    caller: { is: 'anonymous' },
    error: undefined,
    effect: undefined,
  };
}

function nowhere(address: Extract<Address, { on: 'api' | 'nowhere' }>): Handled['answer'] {
  const what = address.on === 'api' ? `the ${address.service} API` : `the host ${address.host}`;
  return {
    status: address.on === 'api' ? 501 : 502,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `The Darkroom engine does not have ${what}, and nothing leaves this machine.\n`,
  };
}

/** What every answer carries; job hosts have an id of their own, and the faults' own bucket none. */
function withUsual(
  { answer, operation }: Handled,
  { id, at }: Incoming,
): Handled['answer']['headers'] {
  const { headers } = answer;
  const Server = 'tencent-cos';
  const Date = httpDate(at);
  const hasOwnId = operation === 'Spoken' || 'x-ci-request-id' in headers;
  return hasOwnId
    ? { Server, ...headers, Date }
    : { Server, ...headers, Date, 'x-cos-request-id': id };
}
