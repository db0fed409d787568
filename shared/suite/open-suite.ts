import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openClient } from '../client/client.ts';
import { digest } from '../client/digest.ts';
import { openNotifier } from '../client/notifier.ts';
import { openSeals } from '../client/seals.ts';
import { readCredentials } from '../config/credentials.ts';
import { type Environment, placesOf, readSettings, type Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { Deadline } from '../core/deadline.ts';
import { Fault } from '../core/fault.ts';
import { type Log, logTo } from '../core/log.ts';
import { DEPLOYED_FILE, readDeployed } from '../plan/deployed.ts';
import type { Places } from '../plan/places.ts';
import type { Limits } from '../plan/rules.ts';
import { CLOSED } from '../progress/breaker.ts';
import type { Instance, Suite } from '../run/ports.ts';
import { openBucketRecords } from '../store/bucket-records.ts';
import { type CallbackTokens, callbackTokens } from './callback-tokens.ts';
import { readInvocation } from './invocation.ts';
import { RulesInForce } from './rules-in-force.ts';

export interface SuiteOptions {
  /** Where the code lies, and what was deployed with it. */
  readonly folder: string;
  readonly now?: Clock;
  readonly random?: () => number;
  /** Hears each line of the log. */
  readonly write?: (line: string) => void;
}

/** Everything for one invocation, and what only some functions ask for. */
export interface Opened {
  readonly suite: Suite;
  readonly settings: Settings;
  readonly requestId: string;
  readonly tokens: CallbackTokens;
}

/** Kept of an invocation's time for writing down what came of it. */
const RESERVE_MS = 5000;
const LARGEST_RESERVE = 0.25;

/**
 * What opens a suite, invocation by invocation. To make it reads nothing and cannot fail, so that it
 * can be done while a function loads; what is opened first stays for the instance's later invocations.
 */
export function openSuite(
  env: Environment,
  options: SuiteOptions,
): (context: unknown) => Promise<Opened> {
  const { now = Date.now, write = toStandardOutput } = options;
  const instance: Instance = { purse: new Map(), breaker: CLOSED };
  let warming: Promise<Warm> | undefined;
  return async (context) => {
    const { requestId, leftMs } = readInvocation(context, now(), now);
    warming ??= warmUp(env, options);
    const warm = await warming.catch((thrown: unknown) => {
      // The next invocation tries again: what was missing may be there by then.
      warming = undefined;
      throw thrown;
    });
    const { settings, places, tokens, seals, rulesInForce } = warm;
    const log = logTo(write, { function: env.SCF_FUNCTIONNAME ?? '', requestId });
    warm.end = new Deadline(leftMs, 0, now);
    warm.log = log;

    const on = { ...(await warm.ports()), digest, log };
    const rules = await rulesInForce.current(on);
    warm.limits = rules.limits;
    const suite: Suite = {
      ...on,
      ...(await warm.ports()),
      ...{ rules, places, seals, instance },
      deadline: new Deadline(leftMs, Math.min(RESERVE_MS, leftMs * LARGEST_RESERVE), now),
      randomId: randomUUID,
    };
    return { suite, settings, requestId, tokens };
  };
}

type Ports = Pick<Suite, 'objects' | 'ci' | 'addresses' | 'notifier' | 'records' | 'now'>;

/** What an instance opens once. */
interface Warm {
  readonly settings: Settings;
  readonly places: Places;
  readonly seals: Suite['seals'];
  readonly tokens: CallbackTokens;
  readonly rulesInForce: RulesInForce;
  /** As the limits are: they belong to the rules, and rules may change while an instance lives. */
  ports(): Promise<Ports>;
  limits: Limits;
  /** Of the invocation that is under way, as is its log. */
  end: Deadline;
  log: Log;
}

async function warmUp(env: Environment, options: SuiteOptions): Promise<Warm> {
  const { folder, now = Date.now } = options;
  const settings = settingsIn(env);
  const places = placesOf(settings);
  const deployed = readDeployed(await deployedIn(folder));
  const tokens = callbackTokens(settings.callbackSecrets);
  let opened: { readonly by: string; readonly ports: Promise<Ports> } | undefined;
  const warm: Warm = {
    ...{ settings, places, tokens },
    seals: openSeals(settings.linkKeys),
    rulesInForce: new RulesInForce(deployed, places),
    limits: deployed.rules.limits,
    end: new Deadline(0, 0, now),
    log: logTo(() => {}),
    ports() {
      const { requestsPerSecond, inFlight } = warm.limits;
      const by = `${requestsPerSecond} ${inFlight}`;
      if (opened?.by !== by) opened = { by, ports: openPorts(env, warm, options) };
      const { ports } = opened;
      return ports.catch((thrown: unknown) => {
        // What failed once is not kept: the next invocation asks again.
        if (opened?.ports === ports) opened = undefined;
        throw thrown;
      });
    },
  };
  return warm;
}

async function openPorts(
  env: Environment,
  warm: Warm,
  { now = Date.now, random }: SuiteOptions,
): Promise<Ports> {
  const { settings, limits, tokens, places } = warm;
  const { endpoint, callbackUrl, noticeSecret } = settings;
  const leftMs = () => warm.end.leftMs();
  const client = openClient({
    keys: () => readCredentials(env),
    ...{ leftMs, limits, now },
    onRetry: (retry) => warm.log.info('asked again', { ...retry }),
    ...(random && { random }),
    ...(endpoint !== undefined && { endpoint }),
    ...(callbackUrl !== undefined && {
      callbackFor: (step) => `${callbackUrl}/v1/callbacks/${tokens.tokenFor(digest(step))}`,
    }),
  });
  const { objects, ci, addresses } = client;
  return {
    ...{ objects, ci, addresses, now: client.now },
    records: await openBucketRecords(places.state, {
      texts: client.textsIn(places.state),
      objects,
    }),
    notifier: openNotifier({
      ...{ leftMs, now: client.now },
      ...(noticeSecret !== undefined && { secret: noticeSecret }),
    }),
  };
}

/** All that is wrong with them at once, and never the value of a secret. */
function settingsIn(env: Environment): Settings {
  const read = readSettings(env);
  if (read.ok) return read.settings;
  throw new Fault('SETTINGS_INVALID', read.problems.map(({ message }) => message).join('; '), {
    hint: 'darkroom check says what each of them means',
  });
}

async function deployedIn(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, DEPLOYED_FILE), 'utf8');
  } catch (cause) {
    throw new Fault('RULES_INVALID', `There is no ${DEPLOYED_FILE} beside the code`, {
      cause,
      hint: 'darkroom deploy puts it there; functions that are packed by hand need it as well.',
    });
  }
}

/** Exactly one JSON object a line, so that its fields can be searched for. */
function toStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
