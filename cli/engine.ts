import { resolve } from 'node:path';
import type { Operations } from '../local/ci/operations-port.ts';
import type { Engine } from '../local/engine/engine.ts';
import type { LoggedRequest } from '../local/server/request-log.ts';
import { MODEL_USES, type ModelUse } from '../local/vision/models/model-card.ts';
import { defineCommand, type Io } from './command.ts';
import { untilSignalled } from './until-signalled.ts';

const DEFAULT_DATA = '.darkroom/engine';

export const engine = defineCommand({
  name: 'engine',
  summary: 'Runs a COS on this machine that SDKs, tools and browsers cannot tell from the real one',
  flags: {
    port: { type: 'number', or: 9000, value: 'port', says: 'where it listens; 0 takes a free one' },
    tlsPort: { type: 'number', value: 'port', says: 'where it listens for TLS, if anywhere' },
    listen: { type: 'list', value: 'address', says: 'a further address to listen on' },
    data: {
      type: 'text',
      or: DEFAULT_DATA,
      value: 'folder',
      says: 'where everything is kept',
    },
    memory: { type: 'switch', says: 'keeps nothing' },
    sync: { type: 'switch', says: 'what is acknowledged survives a power cut as well' },
    secretId: {
      type: 'text',
      value: 'id',
      says: "the owner's SecretId; else one is made and kept",
    },
    secretKey: { type: 'text', value: 'key', says: "the owner's SecretKey" },
    region: { type: 'text', or: 'ap-guangzhou', value: 'region', says: 'where the buckets are' },
    bucket: { type: 'list', value: 'name-appid', says: 'a bucket that shall be there' },
    allowPrivateFetch: { type: 'switch', says: 'lets it fetch from private addresses' },
    bareAccount: { type: 'switch', says: 'an account for which no service was opened yet' },
    operations: {
      type: 'text',
      or: 'classical',
      value: 'name',
      says: 'who processes pictures; "instant" ones keep sizes and places and have no craft',
    },
    maxMegapixels: {
      type: 'number',
      or: 50,
      value: 'number',
      says: 'larger pictures are not worked on',
    },
    model: {
      type: 'list',
      value: 'use=file',
      says: 'an ONNX file for matting, repair, super-resolution, colouring or human-seg, its card beside it',
    },
    strictAi: { type: 'switch', says: 'refuses to colour without a model' },
    log: { type: 'text', value: 'requests', says: 'what to log to standard error' },
  },
  async run(flags, _args, io) {
    const wrong = wrongIn(flags);
    if (wrong !== undefined) {
      io.err(wrong);
      return 2;
    }
    for (const address of flags.listen) {
      io.err(
        `warning: listening on ${address}, where others may reach it: the engine is made for one machine`,
      );
    }

    // Before there is anything to end well: whoever reads that it is ready may end it at once.
    const signalled = untilSignalled();
    const { secretId, secretKey, log } = flags;
    const { startEngine } = await import('../local/engine/engine.ts');
    const data = flags.memory ? undefined : resolve(flags.data);
    const buckets = flags.bucket.length > 0 ? flags.bucket : ['darkroom-1250000000'];
    const started = await startEngine({
      port: flags.port,
      ...(flags.tlsPort === undefined ? {} : { tlsPort: flags.tlsPort }),
      listen: flags.listen,
      ...(data === undefined ? {} : { data }),
      sync: flags.sync,
      ...(secretId && secretKey ? { credentials: { secretId, secretKey } } : {}),
      region: flags.region,
      buckets,
      allowPrivateFetch: flags.allowPrivateFetch,
      bareAccount: flags.bareAccount,
      operations: await operationsFrom(flags),
      ...(log ? { onRequest: (entry) => io.err(lineOf(entry)) } : {}),
    });
    introduce(started, { data, buckets, alone: flags.listen.length === 0 }, io);
    io.out(`ready ${started.url}`);
    // Looked for only now: nobody has to wait for it.
    started.operations.videoProgram?.().then((says) => io.err(`videos: ${says}`));
    await signalled;
    io.err('stopping');
    await started.stop();
    return 0;
  },
});

async function operationsFrom(flags: {
  readonly operations: string;
  readonly maxMegapixels: number;
  readonly model: readonly string[];
  readonly strictAi: boolean;
}): Promise<Operations> {
  if (flags.operations === 'instant') {
    return (await import('../local/ci/instant.ts')).instantOperations();
  }
  const { classicalOperations } = await import('../local/ci/classical.ts');
  const { maxMegapixels, strictAi } = flags;
  return classicalOperations({ maxMegapixels, strictAi, models: modelsFrom(flags.model) });
}

/** `matting=mine.onnx`; one that says no use was refused before. */
function modelsFrom(said: readonly string[]): Partial<Record<ModelUse, string>> {
  return Object.fromEntries(
    said.map((each) => [useOf(each), resolve(each.slice(each.indexOf('=') + 1))]),
  );
}

function useOf(said: string): ModelUse | undefined {
  return MODEL_USES.find((use) => said.startsWith(`${use}=`) && said.length > use.length + 1);
}

/** Flags that do not go together, or say what cannot be. */
function wrongIn(flags: {
  readonly memory: boolean;
  readonly data: string;
  readonly secretId: string | undefined;
  readonly secretKey: string | undefined;
  readonly region: string;
  readonly operations: string;
  readonly maxMegapixels: number;
  readonly model: readonly string[];
  readonly log: string | undefined;
}): string | undefined {
  const { secretId, secretKey, region, operations, maxMegapixels, model, log } = flags;
  if (flags.memory && flags.data !== DEFAULT_DATA) {
    return '--memory keeps nothing, so there is nothing to keep in --data';
  }
  if ((secretId === undefined) !== (secretKey === undefined)) {
    return '--secret-id and --secret-key go together';
  }
  if (!/^[\w.-]*$/.test(secretId ?? '') || !/^[!-~]*$/.test(secretKey ?? '')) {
    return '--secret-id and --secret-key are words without spaces';
  }
  if (!/^[a-z0-9-]+$/.test(region)) return `--region is such as ap-guangzhou, not "${region}"`;
  if (operations !== 'instant' && operations !== 'classical') {
    return `--operations knows "classical" and "instant", not "${operations}"`;
  }
  if (!(maxMegapixels >= 1 && maxMegapixels <= 250)) return '--max-megapixels is from 1 to 250';
  const unclear = model.find((each) => useOf(each) === undefined);
  if (unclear !== undefined) {
    return `--model is <use>=<file>, with ${MODEL_USES.join(', ')} as uses, not "${unclear}"`;
  }
  if (model.length > new Set(model.map(useOf)).size) return '--model takes one file for each use';
  if (model.length > 0 && operations === 'instant') return '--model needs --operations classical';
  if (log !== undefined && log !== 'requests') return `--log knows "requests", not "${log}"`;
  return undefined;
}

interface Introduced {
  readonly data: string | undefined;
  readonly buckets: readonly string[];
  /** Whether only this machine can reach it. */
  readonly alone: boolean;
}

function introduce(
  { url, port, tlsPort, region, paths, operations }: Engine,
  { data, buckets, alone }: Introduced,
  io: Io,
): void {
  const [bucket = ''] = buckets;
  io.err(data ? `data: ${data}` : 'data: in memory, gone when the engine stops');
  io.err(`buckets: ${buckets.join(', ')} in ${region}`);
  io.err(`keys: ${paths.credentials}`);
  io.err(
    operations.name === 'instant'
      ? 'operations: instant, which keep sizes and places and have no craft'
      : `operations: ${operations.name}`,
  );
  io.err(
    alone
      ? 'Nothing leaves this machine, and only this machine can reach the engine.'
      : 'Nothing leaves this machine.',
  );
  io.err('');
  io.err(`In a shell:   set -a; . ${quoted(paths.credentials)}`);
  io.err(`              export HTTP_PROXY=${url}   # and any SDK over http finds it`);
  io.err(`For https:    export NODE_EXTRA_CA_CERTS=${quoted(paths.authority)}`);
  if (tlsPort !== undefined) io.err(`              https on port ${tlsPort}`);
  io.err(
    `In Node:      new COS({ SecretId, SecretKey, Protocol: 'http:', Ip: '127.0.0.1:${port}' })`,
  );
  io.err(`In a browser: http://${bucket}.cos.${region}.localhost:${port}/`);
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** `200 PutObject shop-1250000000/in/mug.jpg 3.1ms owner AKID…`, and why not where it was refused. */
function lineOf(entry: LoggedRequest): string {
  const { status, operation, bucket, key, durationMs, signedBy, code } = entry;
  // Calls that deploy are about a function, a role or a policy, and about no path.
  const place = bucket === undefined ? (key ?? entry.path) : `${bucket}/${key ?? ''}`;
  const first = `${status} ${operation} ${JSON.stringify(place).slice(1, -1)} ${durationMs}ms ${signedBy}`;
  return [
    code ? `${first} ${code}` : first,
    ...(entry.difference ? [`    signature: ${entry.difference}`] : []),
    ...(entry.denied ? [`    denied: ${entry.denied}`] : []),
    ...(entry.allowWith ? [`    allow with: ${entry.allowWith}`] : []),
    ...(entry.fault ? [`    fault on demand: ${entry.fault}`] : []),
  ].join('\n');
}
