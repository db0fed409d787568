import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Model } from '../../infra/model.ts';
import { permissionPolicy } from '../../infra/render/policies.ts';
import { tc3Cloud } from '../../infra/tc3-cloud.ts';
import type { FunctionName } from '../../shared/plan/request-actions.ts';
import type { JsonObject, JsonValue } from '../../shared/wire/json.ts';
import { objectIn, textIn } from '../../shared/wire/json-object.ts';
import { writeCmqEvent } from '../../shared/wire/message-envelope.ts';
import { writeTimerEvent } from '../../shared/wire/timer-event.ts';
import { photoBytes } from '../functions/on-demand/photos.ts';
import { mp4 } from '../local/ci/jobs/mp4-file.ts';
import { BUCKET, HOST, KEYS, REGION } from '../local/engine-for-tests.ts';
import { cosEventIn } from './cos-event-in.ts';
import { API_KEY, type SuiteOnEngine, suiteOnEngine } from './suite-on-engine.ts';

// What is deployed walks every path that its rules open, once with its policy as it is and once without each
// statement. The functions are invoked by hand, one after the other, so that each denial has one reason.

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }
  repaired@1:
    outputs:
      - operation: image-repair
        with: { mask: { key: masks/fixed.png } }
        into: repaired/{dir}/{stem}.png
  actors@1:
    outputs:
      - operation: segment-video-body
        with: { mode: combination, background: backgrounds/studio.png }
        into: actors/{dir}/{stem}.mp4
  small@1:
    outputs:
      - { operation: smart-crop, with: { width: 20, height: 20 }, store: false }
rules:
  - { name: products, when: { prefix: in/products/, suffix: .jpg }, use: cutout }
  - { name: logos, when: { prefix: in/logos/, suffix: .jpg }, use: repaired }
  - { name: clips, when: { prefix: in/clips/, suffix: .mp4 }, use: actors }
schedule:
  - { name: nightly, cron: 0 30 2 * * * *, prefix: in/ }
http:
  callers: [{ name: shop, templates: [cutout, repaired, actors, small], requestsPerMinute: 6000 }]
  sources: ${HOST}
`;

const MINUTE = 60_000;
type Statements = Model['roles'][number]['statements'];

let suite: SuiteOnEngine;
let policies: ReadonlyMap<string, Statements>;
let picture: Buffer;
/** Everything that was said on a walk: logs, replies, and what signed addresses answered. */
let said: string[];
let walks = 0;
let instances = 0;

beforeAll(async () => {
  suite = await suiteOnEngine(RULES);
  const { roles }: Pick<Model, 'roles'> = JSON.parse(await suite.model());
  policies = new Map(roles.map((role) => [role.function, role.statements]));
  picture = await photoBytes();
  await suite.put('masks/fixed.png', picture);
  await suite.put('backgrounds/studio.png', picture);
  await suite.deploy();
  await startNothing();
}, 60_000);
afterAll(() => suite.stop());

/** Takes away what starts functions. */
async function startNothing(): Promise<void> {
  for (const name of policies.keys()) {
    const { Triggers } = await scf('ListTriggers', name, { Limit: 100 });
    for (const { TriggerName = '', Type = '', TriggerDesc = '' } of Triggers as JsonObject[]) {
      await scf('DeleteTrigger', name, { TriggerName, Type, TriggerDesc });
    }
  }
}

/** What the owner of the account asks of a function, at the engine's time. */
async function scf(action: string, name: string, more: JsonObject): Promise<JsonObject> {
  const { engine } = suite;
  const cloud = tc3Cloud({ keys: KEYS, endpoint: engine.url, now: () => engine.clock.now() });
  const parameters = { FunctionName: nameOf(name), ...more };
  const answer = await cloud.call({ service: 'scf', region: REGION, action, parameters });
  if (!answer.ok) throw new Error(`${action}: ${answer.message}`);
  return answer.response;
}

function nameOf(name: string): string {
  return `darkroom-prod-${name}`;
}

/** What the function answered; its failure is heard as well. */
async function invoke(name: FunctionName, event: JsonValue): Promise<string> {
  const result = objectIn(
    await scf('Invoke', name, { ClientContext: JSON.stringify(event) }),
    'Result',
  );
  const answer = textIn(result, 'RetMsg') ?? '';
  const [run] = suite.engine.scf.logs.list({ function: nameOf(name), limit: 1 });
  said.push(run?.log ?? '', textIn(result, 'ErrMsg') ?? '', answer);
  return answer;
}

/** Sources that nobody knows yet: a picture to cut out, one to repair, a video. */
async function newSources(): Promise<readonly string[]> {
  walks += 1;
  const keys = [`in/products/${walks}.jpg`, `in/logos/${walks}.jpg`, `in/clips/${walks}.mp4`];
  for (const key of keys) await suite.put(key, key.endsWith('.mp4') ? mp4() : picture);
  return keys;
}

/** Whoever submits the next job is not answered, and so has to look whether it is there. */
function loseNextJob(): void {
  suite.engine.faults.add({
    ...{ id: 'lost', effect: 'reset', percent: 100, times: 1 },
    operations: ['CreateMediaJobs'],
  });
}

const WALKS: Readonly<Record<FunctionName, (loses: boolean) => Promise<void>>> = {
  async 'on-upload'() {
    const event = cosEventIn(BUCKET, await newSources());
    loseNextJob();
    await invoke('on-upload', event);
    suite.engine.clock.advance(2 * MINUTE);
    await invoke('on-upload', event);
  },

  async reprocess(loses) {
    await newSources();
    if (loses) loseNextJob();
    for (const message of ['{"schedule":"nightly"}', '', '']) {
      const at = suite.engine.clock.now();
      await invoke('reprocess', writeTimerEvent({ trigger: 'tick', at, message }));
      suite.engine.clock.advance(6 * MINUTE);
    }
  },

  async 'on-demand'() {
    const [product = '', logo = '', clip = ''] = await newSources();
    loseNextJob();
    await post('/v1/runs', { template: 'cutout', key: product });
    await post('/v1/runs', { template: 'repaired', key: logo });
    await post('/v1/runs', { template: 'actors', key: clip });
    suite.engine.clock.advance(2 * MINUTE);
    await post('/v1/runs', { template: 'actors', key: clip });
    await post('/v1/runs', { template: 'cutout', key: product, mode: 'go' });
    await look(`/v1/render/cutout/${product}`);
    await look(`/v1/render/small/${product}`);
    await look('/v1/render/cutout', { url: `https://${HOST}/${product}` });
    for (const folder of ['products', 'logos']) await upload(`in/${folder}/t${walks}.jpg`);
  },

  async 'on-callback'() {
    const [, , clip = ''] = await newSources();
    await invoke('on-upload', cosEventIn(BUCKET, [clip]));
    await suite.engine.jobs.idle();
    const JobId = /"jobId":"(\w+)"/.exec(said.join('\n'))?.[1];
    said = [];
    const body = JSON.stringify({ EventName: 'TaskFinish', JobsDetail: { JobId } });
    const message = { topic: 'jobs', appid: 1250000000, region: '', id: 'm1', at: 0, body };
    await invoke('on-callback', writeCmqEvent([message]));
  },
};

async function onDemand(httpMethod: string, path: string, more: object): Promise<JsonValue> {
  const headers = { authorization: `Bearer ${API_KEY}` };
  const event = { httpMethod, path, queryString: {}, headers, body: '', ...more };
  return JSON.parse((await invoke('on-demand', event)) || '{}');
}

function post(path: string, body: object): Promise<JsonValue> {
  return onDemand('POST', path, { body: JSON.stringify(body) });
}

/** Follows where it leads. */
async function look(path: string, queryString = {}): Promise<void> {
  const reply = (await onDemand('GET', path, { queryString })) as Reply;
  if (reply.headers?.location) await hear(await fetch(reply.headers.location));
}

async function upload(key: string): Promise<void> {
  const wish = { key, contentType: 'image/jpeg', size: picture.length };
  const reply = (await post('/v1/uploads', wish)) as Reply;
  if (reply.statusCode !== 201) return;
  const { url, method, headers } = JSON.parse(reply.body ?? '');
  await hear(await fetch(url, { method, headers, body: new Uint8Array(picture) }));
}

interface Reply {
  readonly statusCode?: number;
  readonly headers?: { readonly location?: string };
  readonly body?: string;
}

async function hear(answer: Response): Promise<void> {
  said.push(answer.headers.get('x-darkroom-denied') ?? '', await answer.text());
}

/** Walks with these statements alone, by an instance that knows nothing yet. */
async function walk(
  name: FunctionName,
  statements: Statements,
  { loses = true }: { readonly loses?: boolean } = {},
): Promise<void> {
  const { engine } = suite;
  const allow = (some: Statements) =>
    engine.identities.putPolicy(nameOf(name), JSON.stringify(permissionPolicy(some)));
  await allow(statements);
  instances += 1;
  await scf('UpdateFunctionConfiguration', name, { MemorySize: 384 + 128 * (instances % 2) });
  await engine.scf.functions.settled();
  engine.faults.clear();
  said = [];
  engine.identities.uses.clear();
  await WALKS[name](loses);
  await engine.events.idle();
  await engine.jobs.idle();
  await allow(policies.get(name) ?? []);
  await suite.remove('in/');
}

function usesOf(name: FunctionName) {
  return suite.engine.identities.uses
    .list()
    .filter(({ caller }) => caller === `role/${nameOf(name)}`);
}

const bare = (action: string) => action.replace(/^name\//, '');

test.for(['reprocess', 'on-upload', 'on-demand', 'on-callback'] as const)(
  '%s needs every statement of its policy, and nothing else',
  { timeout: 120_000 },
  async (name) => {
    const statements = policies.get(name) ?? [];
    await walk(name, statements);
    const uses = usesOf(name);
    expect(uses.filter(({ allowed }) => !allowed)).toEqual([]);
    const unused = statements.flatMap(({ action }, index) =>
      action.filter(
        (one) =>
          !uses.some(
            (use) =>
              use.action === bare(one) && use.by.some(({ statement }) => statement === index + 1),
          ),
      ),
    );
    expect(unused).toEqual([]);

    for (const statement of statements) {
      const taken = [statement, ...standInsFor(statement, statements)];
      const kept = statements.filter((one) => !taken.includes(one));
      await walk(name, kept, { loses: taken.length === 1 });
      const denied = usesOf(name).filter(({ allowed }) => !allowed);
      // Nothing but what was taken away goes wrong, and whoever looks is told what it was.
      const actions = denied.map(({ action }) => action);
      expect(actions.length, statement.why).toBeGreaterThan(0);
      const names = taken.flatMap(({ action }) => action.map(bare));
      expect(actions.filter((one) => !names.includes(one))).toEqual([]);
      const words = said.join('\n');
      const hidden = actions.filter((one) => !words.includes(one));
      // What the service itself could not fetch, it says in words of its own.
      if (hidden.length > 0) expect(words, statement.why).toMatch(/fetched: .+ 403 AccessDenied/);
    }
  },
);

/** Pages disagree which of two actions it takes to ask about one job, so the engine takes either. */
function standInsFor({ action }: Statements[number], statements: Statements): Statements {
  if (!action.includes('name/ci:DescribeMediaJob')) return [];
  return statements.filter((one) => one.action.includes('name/ci:DescribeMediaJobs'));
}
