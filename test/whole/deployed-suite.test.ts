import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { mp4 } from '../local/ci/jobs/mp4-file.ts';
import { boxPicture } from '../local/ci/pictures/pictures-for-tests.ts';
import { RECORDS, type SuiteOnEngine, suiteOnEngine } from './suite-on-engine.ts';

// The whole product from a fresh folder: the deployer puts the built functions into the engine, which unpacks
// and runs them with the keys and permissions of their roles. Nothing here calls a function of ours.

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{stem}.png' }
  actors@1:
    outputs:
      - operation: segment-video-body
        with: { mode: foreground, backgroundColour: '#00ff00' }
        into: actors/{stem}.mp4
  small@1:
    outputs:
      - { operation: smart-crop, with: { width: 20, height: 20 }, store: false }
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
  - { name: clips, when: { prefix: in/, suffix: .mp4 }, use: actors }
schedule:
  - { name: nightly, cron: 0 30 2 * * * *, prefix: in/ }
http:
  callers: [{ name: shop, templates: [cutout, actors, small] }]
`;

let suite: SuiteOnEngine;
let picture: Buffer;
beforeAll(async () => {
  suite = await suiteOnEngine(RULES);
  picture = await boxPicture(
    { width: 80, height: 60 },
    { left: 20, top: 10, width: 30, height: 40 },
  )
    .jpeg()
    .toBuffer();
});
afterAll(() => suite.stop());

const soon = { timeout: 60_000, interval: 200 };

test('uploads are developed by what was deployed, and destroying it leaves the objects', async () => {
  const { engine, ask, keysBelow, put } = suite;
  // There before anybody listens: only the timer can find it.
  await put('in/early.jpg', picture);
  await suite.deploy();

  await put('in/mug.jpg', picture);
  await put('in/hello.mp4', mp4());
  await vi.waitFor(async () => {
    expect(await keysBelow('cutouts/')).toEqual(['cutouts/mug.png']);
    expect(await keysBelow('actors/')).toEqual(['actors/hello.mp4']);
  }, soon);

  // The job told on-callback, through the address that the deployment gave it.
  await vi.waitFor(() => {
    expect(engine.callbacks.list().map(({ state }) => state)).toEqual(['delivered']);
  }, soon);

  // Whoever has no key is told nothing; whoever has one, what would be done, and what was.
  const order = { template: 'cutout', key: 'in/mug.jpg' };
  expect((await ask('POST', '/v1/runs', { body: order, key: '' })).status).toBe(401);
  const planned = await ask('POST', '/v1/runs', { body: { ...order, mode: 'plan' } });
  expect([planned.status, planned.text]).toEqual([200, expect.stringContaining('cutouts/mug.png')]);
  const again = await ask('POST', '/v1/runs', { body: order });
  expect([again.status, again.text]).toEqual([200, expect.stringContaining('already-done')]);

  // A run that nobody waits for is carried out at once, not at the next tick.
  await put('other/cup.jpg', picture);
  const going = { template: 'cutout', key: 'other/cup.jpg', mode: 'go' };
  const stored = await ask('POST', '/v1/runs', { body: going });
  expect(stored.status).toBe(202);
  await vi.waitFor(async () => {
    expect(await keysBelow('cutouts/')).toEqual(['cutouts/cup.png', 'cutouts/mug.png']);
  }, soon);
  await vi.waitFor(async () => {
    expect((await ask('GET', stored.location ?? '')).text).toContain('"state":"carried-out"');
  }, soon);

  // A link needs no key, and shows a size that is stored nowhere.
  const [link = ''] = await suite.darkroom('link', 'small', 'in/mug.jpg');
  const shown = await ask('GET', link, { key: '' });
  expect(shown.status).toBe(303);
  const rendered = await fetch(shown.location ?? '');
  expect([rendered.status, rendered.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const forged = link.replace('mug', 'cup');
  expect((await ask('GET', forged, { key: '' })).status).toBe(403);

  // An upload by ticket comes back with its output, in one request.
  const wish = { key: 'in/ticket.jpg', contentType: 'image/jpeg', size: picture.length };
  const ticket = JSON.parse((await ask('POST', '/v1/uploads', { body: wish })).text);
  const { method, headers } = ticket;
  const sent = await fetch(ticket.url, { method, headers, body: new Uint8Array(picture) });
  expect([sent.status, await sent.text()]).toEqual([
    200,
    expect.stringContaining('cutouts/ticket.png'),
  ]);

  // A day and a night later the timers have fired; keys of functions were renewed meanwhile.
  engine.clock.advance(24 * 3_600_000);
  const made = ['cup', 'early', 'mug', 'ticket'].map((name) => `cutouts/${name}.png`);
  await vi.waitFor(async () => expect(await keysBelow('cutouts/')).toEqual(made), soon);

  const denied = engine.identities.uses.list().filter(({ allowed }) => !allowed);
  expect(denied).toEqual([]);

  engine.clock.set(Date.now());
  await suite.darkroom('deploy', 'destroy', '--yes', '--purge-state');
  const sources = ['early.jpg', 'hello.mp4', 'mug.jpg', 'ticket.jpg'].map((name) => `in/${name}`);
  const left = ['actors/hello.mp4', ...made, ...sources, 'other/cup.jpg'];
  expect(await keysBelow('')).toEqual(left);
  expect(await keysBelow('', RECORDS)).toEqual([]);
  const ours = (name: string) => name.startsWith('darkroom');
  expect(engine.identities.roles().filter(({ name }) => ours(name))).toEqual([]);
  expect(engine.identities.policies().map(({ name }) => name)).toEqual(['deployer']);
}, 180_000);
