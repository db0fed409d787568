import { Fault } from '../../shared/core/fault.ts';
import type { ApiService } from '../api/api-action.ts';
import { type Identities, type KeyPair, openIdentities } from '../cam/identities.ts';
import { PAUSES_MS } from '../ci/callbacks/after-try.ts';
import { type EngineCallbacks, openCallbacks } from '../ci/callbacks/open-callbacks.ts';
import { classicalOperations } from '../ci/classical.ts';
import { type EngineJobs, openJobs } from '../ci/jobs/open-jobs.ts';
import { fetchInside } from '../ci/methods/fetch-inside.ts';
import { fetchOutside } from '../ci/methods/fetch-outside.ts';
import type { Operations } from '../ci/operations-port.ts';
import { switchesWith } from '../ci/switches.ts';
import { isBucketName, regionOf } from '../cos/bucket.ts';
import { type EngineEvents, openBucketEvents } from '../cos/events/open-bucket-events.ts';
import type { CosService } from '../cos/exchange.ts';
import { memoryStorage } from '../cos/storage/memory-storage.ts';
import type { Storage } from '../cos/storage/storage.ts';
import { functionTaker } from '../scf/function-taker.ts';
import { type EngineFunctions, openFunctions } from '../scf/open-functions.ts';
import { isEngineHost } from '../server/address.ts';
import { certificateFor } from '../server/certificates.ts';
import { type EngineClock, engineClock } from '../server/clock.ts';
import { type Faults, faultList } from '../server/faults.ts';
import { listen } from '../server/listen.ts';
import { THIS_MACHINE } from '../server/listen-on-all.ts';
import { type RequestLog, requestLog } from '../server/request-log.ts';
import { answerAdmin } from './admin.ts';
import { engineSnapshots } from './engine-snapshots.ts';
import { type Keepsakes, openKeepsakes } from './keepsakes.ts';
import { type MadeBucket, makeBucket, type WantedBucket } from './make-bucket.ts';
import { DEFAULT_APPID, DEFAULT_PORT, DEFAULT_REGION, type EngineOptions } from './options.ts';
import { responder } from './responder.ts';

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
    /** A folder: code of functions, unpacked. */
    readonly functions: string;
  };
  readonly clock: EngineClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly storage: Storage;
  readonly identities: Identities;
  readonly events: EngineEvents;
  readonly callbacks: EngineCallbacks;
  readonly jobs: EngineJobs;
  readonly scf: EngineFunctions;
  readonly operations: Operations;
  /** Makes a bucket, or changes what is said of the one there. */
  makeBucket(wanted: WantedBucket): Promise<MadeBucket>;
  /** Lets what is under way end, and lets go of the folder. */
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const appid = appidOf(options.buckets ?? []);
  const clock = engineClock();
  const kept = await storageFor(options, clock);
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

/** What keeps things in a folder takes a while to load, and is not needed without one. */
async function storageFor(
  { data, sync = false }: EngineOptions,
  clock: EngineClock,
): Promise<Storage> {
  if (!data) return memoryStorage({ clock: clock.now });
  const { folderStorage } = await import('../cos/storage/folder-storage.ts');
  return folderStorage(data, { sync, clock: clock.now });
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
  let port = 0;
  const scf = openFunctions({
    ...{ storage: kept, identities, events, clock, appid },
    folder: keepsakes.paths.functions,
    timersInUtc: switches.timersInUtc,
    endpoint: () => `http://127.0.0.1:${port}`,
    // Asked for only once the engine listens.
    openPort: (host, wanted) => listening.open(host, wanted),
  });
  const api: ApiService = {
    ...{ ...scf, appid, identities, now },
    regionOfBucket: (bucket) =>
      storage.buckets.get(bucket) && regionOf({ storage: kept, region }, bucket),
  };
  const callbacks = openCallbacks({
    ...{ storage: kept, clock, appid },
    allowPrivate: options.allowPrivateFetch ?? false,
    pausesMs: switches.callbacksTriedOnce ? [] : PAUSES_MS,
    resolveInside: (url) => functionTaker(api, url),
  });
  const furnish = async () => {
    for (const name of buckets) await makeBucket({ storage: kept, region }, { name });
  };
  await furnish();
  const snapshots = engineSnapshots({
    ...{ snapshots: kept.snapshots, identities, furnish },
    running: [
      // Before those who take its events: what they leave undone counts as not delivered.
      ...[events, scf],
      { stop: () => jobs.stop(), reload: () => jobs.reload() },
      callbacks,
    ],
  });
  const storage: Storage = { ...kept, snapshots };
  const operations = options.operations ?? classicalOperations();
  await prepare(operations);
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

  const faults = faultList();
  const requests = requestLog(options.onRequest);
  const respond = responder({
    ...{ service, jobs: { ...service, jobs }, api, book, faults, requests },
    admin: (incoming) => answerAdmin(engine, incoming),
  });

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
    events.stop();
    await scf.stop();
    await jobs.stop();
    callbacks.stop();
    throw thrown;
  });

  port = listening.port;
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
    scf,
    operations,
    makeBucket: (wanted) => makeBucket(service, wanted),
    async stop() {
      await listening.close();
      events.stop();
      await scf.stop();
      await jobs.stop();
      callbacks.stop();
      clock.stop();
      await operations.stop();
      await storage.close();
      keepsakes.forget();
    },
  };
  await scf.begin();
  return engine;
}

/** An engine whose models do not work does not start, and says what is wrong. */
async function prepare(operations: Operations): Promise<void> {
  try {
    await operations.prepare?.();
  } catch (thrown) {
    await operations.stop();
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Fault('MODEL_INVALID', why, { hint: 'See docs/models.md for what a model needs.' });
  }
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
