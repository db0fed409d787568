import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Engine } from '../local/engine/engine.ts';
import type { Objects } from '../shared/run/ports.ts';
import { defineCommand, type Io } from './command.ts';
import type { DevAccount } from './dev/dev-account.ts';
import type { DevDeployment } from './dev/dev-deployment.ts';
import { RULES_FLAG, readRulesFile } from './rules-file.ts';
import { untilSignalled } from './until-signalled.ts';

const DEFAULT_DATA = '.darkroom/engine';

export const dev = defineCommand({
  name: 'dev',
  summary:
    'Deploys the rules to an engine on this machine, and goes on as they and the code change',
  flags: {
    rules: RULES_FLAG,
    port: { type: 'number', or: 9000, value: 'port', says: 'where it listens; 0 takes a free one' },
    data: { type: 'text', or: DEFAULT_DATA, value: 'folder', says: 'where everything is kept' },
    samples: { type: 'switch', or: true, says: 'uploads no samples' },
    once: {
      type: 'switch',
      says: 'ends when all outputs of what is there are made: 0 if they are, 1 if not',
    },
  },
  async run(flags, _args, io) {
    const signalled = untilSignalled();
    const first = await readDevRules(flags.rules, io);
    if (!first) return 1;
    const { startEngine } = await import('../local/engine/engine.ts');
    const { sources, outputs, state } = first.buckets;
    const data = resolve(flags.data);
    const engine = await startEngine({
      ...{ port: flags.port, data, buckets: [...sources, ...outputs, state] },
      // A receiver of notices on this machine is what one begins with.
      allowPrivateFetch: true,
    });
    try {
      return await develop(engine, first, { ...flags, data }, io, signalled);
    } finally {
      io.err('stopping');
      await engine.stop();
    }
  },
});

interface DevFlags {
  readonly rules: string;
  readonly data: string;
  readonly samples: boolean;
  readonly once: boolean;
}

async function develop(
  engine: Engine,
  first: DevAccount,
  flags: DevFlags,
  io: Io,
  signalled: Promise<void>,
): Promise<number> {
  const { openDevKeys, writeDevEnvironment } = await import('./dev/dev-account.ts');
  const { deployToEngine } = await import('./dev/dev-deployment.ts');
  const { wantedOutputs } = await import('./dev/dev-work.ts');
  const { samplesFor, uploadSamples } = await import('./dev/dev-samples.ts');
  const { askFor, followReceipts } = await import('./dev/dev-runs.ts');
  const environment = join(flags.data, 'dev.env');
  const keys = openDevKeys(environment);
  const objects = await objectsOf(engine);

  let account = first;
  const bring = async (): Promise<DevDeployment> => {
    const deployed = await deployToEngine(engine, { ...account, keys });
    for (const { does, subject } of deployed.changes) io.err(`${does} ${subject}`);
    const { addresses } = deployed;
    writeDevEnvironment(environment, {
      ...{ engine, ...account, keys },
      url: addresses['on-demand'] && onThisMachine(addresses['on-demand'], engine),
    });
    return deployed;
  };
  const wanted = () => wantedOutputs(account.rules.rules, deployment.settings.buckets, objects);

  let deployment = await bring();
  introduce(engine, deployment, { ...flags, environment }, io);
  io.out(`ready ${engine.url}`);
  const stopFollowing = followReceipts(engine, (line) => io.out(line));

  const [place] = deployment.settings.buckets;
  const before = await wanted();
  for (const { source, target, isThere } of before) {
    if (isThere) io.out(`there     ${source.key} -> ${target.key}`);
  }
  await askFor(before, deployment, engine);
  if (flags.samples && place) {
    const samples = samplesFor(account.rules, place);
    if (samples.length === 0) io.err('samples: these rules have nothing to do with them');
    const uploaded = await uploadSamples(samples, place, { objects, engine });
    for (const key of uploaded) io.err(`uploaded ${key}`);
  }
  if (flags.once) {
    await quiet(engine);
    stopFollowing();
    const missing = (await wanted()).filter(({ isThere }) => !isThere);
    for (const { source, target } of missing) io.err(`missing: ${source.key} -> ${target.key}`);
    return missing.length === 0 ? 0 : 1;
  }

  const { buildFunctions, watchDeployed } = await import('./dev/dev-watch.ts');
  const stopWatching = watchDeployed(flags.rules, async (what) => {
    try {
      if (what === 'code') {
        const wrong = await buildFunctions();
        if (wrong !== undefined) return io.err(`code: not built\n${wrong}`);
      } else {
        const next = await readDevRules(flags.rules, io);
        if (!next) return io.err(`${flags.rules}: the rules from before stay in force`);
        account = next;
        for (const name of [...next.buckets.sources, ...next.buckets.outputs]) {
          await engine.makeBucket({ name });
        }
      }
      deployment = await bring();
      if (deployment.changes.length === 0) io.err(`${what}: nothing changed by that`);
      else await askFor(await wanted(), deployment, engine);
    } catch (thrown) {
      io.err(`not deployed: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
  });
  io.err('changes are waited for; Ctrl-C ends it');
  await signalled;
  stopWatching();
  stopFollowing();
  return 0;
}

/** Rules without a mistake, and the buckets that they are about. */
async function readDevRules(file: string, io: Io): Promise<DevAccount | undefined> {
  const { bucketsNamedIn, placeSettings } = await import('./dev/dev-account.ts');
  // Which buckets there are follows from the file; then it is checked over just these.
  const text = await readFile(file, 'utf8').catch(() => '');
  const buckets = bucketsNamedIn(text);
  const read = await readRulesFile(file, { ...io, env: placeSettings(buckets) });
  return read && { rules: read.rules, buckets };
}

async function objectsOf(engine: Engine): Promise<Objects> {
  const { openClient } = await import('../shared/client/client.ts');
  return openClient({
    keys: () => engine.credentials,
    endpoint: engine.url,
    now: () => engine.clock.now(),
    leftMs: () => 60_000,
    limits: { requestsPerSecond: 1000, inFlight: 10 },
  }).objects;
}

/** Until nothing is under way: no event, function, job or callback. Each may begin another one. */
async function quiet(engine: Engine): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await engine.events.idle();
    await engine.scf.host.idle();
    await engine.jobs.idle();
    await engine.callbacks.idle();
  }
}

/** A function's address as any program on this machine reaches it: a name below localhost, only some. */
function onThisMachine(address: string, { scf }: Engine): string | undefined {
  const [label = ''] = new URL(address).hostname.split('.');
  return scf.triggers.localAddress({ label });
}

function introduce(
  engine: Engine,
  { addresses, settings }: DevDeployment,
  { rules, data, environment, once }: DevFlags & { readonly environment: string },
  io: Io,
): void {
  const [{ region } = { region: '' }] = settings.buckets;
  const url = addresses['on-demand'] && onThisMachine(addresses['on-demand'], engine);
  io.err(`data: ${data}`);
  io.err(`buckets: ${settings.buckets.map((place) => place.bucket).join(', ')} in ${region}`);
  io.err(`on demand: ${url ?? 'not deployed, because the rules have no http.callers'}`);
  io.err('Nothing leaves this machine but what the rules post notices to.');
  if (once) return;
  io.err(`watching ${rules}${existsSync('functions') ? ', functions/ and shared/' : ''}`);
  io.err('');
  io.err(`In another window:  set -a; . ${environment}`);
  io.err(`  a picture:        npx darkroom upload photo.jpg --to incoming/products`);
  io.err(`  what was logged:  npx darkroom logs --follow`);
  if (url) {
    io.err('  what came of one: npx darkroom link <template> <key> --url $DARKROOM_URL');
    io.err(`  the API:          ${url}/`);
  }
  io.err('');
}
