import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { answerCallback } from '../../functions/on-callback/answer-callback.ts';
import { onUpload } from '../../functions/on-upload/on-upload.ts';
import { reprocess } from '../../functions/reprocess/reprocess.ts';
import { permissionPolicy, TRUST_POLICY } from '../../infra/render/policies.ts';
import type { EngineOptions } from '../../local/engine/options.ts';
import { Fault } from '../../shared/core/fault.ts';
import { DEPLOYED_FILE, writeDeployed } from '../../shared/plan/deployed.ts';
import { permissionsFor } from '../../shared/plan/permissions-for.ts';
import type { Places } from '../../shared/plan/places.ts';
import type { FunctionName } from '../../shared/plan/request-actions.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import { triggersFor } from '../../shared/plan/triggers-for.ts';
import { reasonToReplay } from '../../shared/progress/receipt.ts';
import { type Opened, openSuite } from '../../shared/suite/open-suite.ts';
import { writeTimerEvent } from '../../shared/wire/timer-event.ts';
import { type EngineForTests, engineForTests, REGION } from '../local/engine-for-tests.ts';
import { rulesIn } from '../run/studio.ts';

const APPID = '1250000000';
export const BUCKET = `studio-${APPID}`;
const STATE = `records-${APPID}`;
const SECRET = 'a secret of at least thirty-two characters';
const LIMIT_MS = 60_000;

const PLACES: Places = {
  appid: APPID,
  sources: [{ bucket: BUCKET, region: REGION }],
  outputs: [],
  state: { bucket: STATE, region: REGION, prefix: 'darkroom/' },
};

/** One instance of a function: a path in this process, everything else through sockets. */
type Open = (context?: unknown) => Promise<Opened>;

/** Darkroom as it would be deployed, on an engine: triggers, roles with just their permissions, callbacks. */
export interface StudioOnEngine {
  readonly engine: EngineForTests['engine'];
  readonly sdk: EngineForTests;
  readonly rules: Rules;
  readonly places: Places;
  readonly folder: string;
  readonly lines: Record<string, unknown>[];
  /** Bodies of notices, with their headers. */
  readonly heard: { readonly headers: Readonly<Record<string, unknown>>; readonly body: string }[];
  open(name: FunctionName): Promise<Open>;
  /** What the platform would set for a function, with keys of its role. */
  environmentOf(name: FunctionName): Promise<Record<string, string>>;
  put(key: string, bytes: Uint8Array | string, headers?: Record<string, string>): Promise<void>;
  get(bucket: string, key: string): Promise<Buffer | undefined>;
  tick(message?: string): Promise<void>;
  /** Until no event, job or callback is under way. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export async function studioOnEngine(
  text: string,
  options: EngineOptions = {},
): Promise<StudioOnEngine> {
  const sdk = await engineForTests({
    ...{ buckets: [BUCKET, STATE], allowPrivateFetch: true },
    ...options,
  });
  const { engine } = sdk;
  const cos = sdk.client(COS);
  const lines: Record<string, unknown>[] = [];
  const heard: StudioOnEngine['heard'] = [];
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-suite-'));
  let onCallback: Open | undefined;

  // One server for what the platform would serve: the function's own address, and whoever hears notices.
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    if (pathname === '/notices') {
      heard.push({ headers: request.headers, body });
      response.end();
      return;
    }
    if (!onCallback) {
      response.writeHead(503).end();
      return;
    }
    const { method: httpMethod } = request;
    const event = { httpMethod, path: pathname, queryString: {}, headers: request.headers, body };
    const reply = await answerCallback(event, await onCallback());
    response.writeHead(reply?.statusCode ?? 500, reply?.headers).end(reply?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const rules = rulesIn(text.replaceAll('NOTICES', `${address}/notices`));
  writeFileSync(join(folder, DEPLOYED_FILE), writeDeployed(rules, PLACES));
  const permissions = permissionsFor(rules, PLACES);

  const environmentOf = async (name: FunctionName): Promise<Record<string, string>> => {
    const policy = `policy-${name}`;
    const document = JSON.stringify(permissionPolicy(permissions[name]));
    await engine.identities.putPolicy(policy, document);
    await engine.identities.putRole({
      ...{ name, description: '', policies: [policy], trust: JSON.stringify(TRUST_POLICY) },
    });
    const key = await engine.identities.temporaryKey({ role: name }, 3600);
    return {
      DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
      DARKROOM_STATE: `${STATE}@${REGION}/darkroom/`,
      DARKROOM_ENDPOINT: `http://127.0.0.1:${engine.port}`,
      DARKROOM_CALLBACK_URL: address,
      DARKROOM_CALLBACK_SECRETS: SECRET,
      DARKROOM_LINK_KEYS: SECRET,
      DARKROOM_NOTICE_SECRET: SECRET,
      TENCENTCLOUD_SECRETID: key.secretId,
      TENCENTCLOUD_SECRETKEY: key.secretKey,
      TENCENTCLOUD_SESSIONTOKEN: key.token,
      SCF_FUNCTIONNAME: name,
    };
  };
  const open = async (name: FunctionName): Promise<Open> => {
    const env = await environmentOf(name);
    const now = () => engine.clock.now();
    const write = (line: string) => void lines.push(JSON.parse(line));
    const opened = openSuite(env, { folder, now, write });
    return (context = { request_id: `r${lines.length}`, time_limit_in_ms: LIMIT_MS }) =>
      opened(context);
  };

  const [uploads, timer] = [await open('on-upload'), await open('reprocess')];
  if (permissions['on-callback'].length > 0) onCallback = await open('on-callback');
  for (const [n, { bucket, prefix, suffix }] of triggersFor(
    rules.rules,
    PLACES,
  ).triggers.entries()) {
    await engine.events.rules.add({
      ...{ id: `t${n}`, bucket, prefix, suffix, events: ['cos:ObjectCreated:*'] },
      ...{ subscriber: 'on-upload', enabled: true },
    });
  }
  engine.events.subscribe('on-upload', async (event) => {
    try {
      const reason = reasonToReplay(await onUpload(event, (await uploads()).suite));
      return reason ? { error: 'code', message: reason.message } : 'ok';
    } catch (thrown) {
      return { error: 'code', message: thrown instanceof Fault ? thrown.message : String(thrown) };
    }
  });

  return {
    ...{ engine, sdk, rules, places: PLACES, folder, lines, heard, open, environmentOf },
    async put(key, bytes, headers = {}) {
      const Body = Buffer.from(bytes);
      await cos.putObject({ Bucket: BUCKET, Region: REGION, Key: key, Body, Headers: headers });
    },
    async get(bucket, key) {
      try {
        return (await cos.getObject({ Bucket: bucket, Region: REGION, Key: key })).Body;
      } catch {
        return undefined;
      }
    },
    async tick(message = '') {
      const event = writeTimerEvent({ trigger: 'tick', at: engine.clock.now(), message });
      await reprocess(event, (await timer()).suite);
    },
    async settle() {
      for (let n = 0; n < 3; n += 1) {
        await engine.events.idle();
        await engine.jobs.idle();
        await engine.callbacks.idle();
      }
    },
    async stop() {
      await sdk.stop();
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
