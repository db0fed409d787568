import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Bystander, bystander } from './bystander.ts';
import {
  answersIn,
  head,
  type RawClient,
  rawClient,
  sayTo,
  statusesIn,
  whole,
} from './raw-client.ts';
import { startVictim, type Victim } from './victim.ts';

/** More than any of this may take; without bounds each would take some hundreds more. */
const MOST_BYTES = 150_000_000;

let victim: Victim;
let before: number;
let other: Bystander;

beforeAll(async () => {
  victim = await startVictim({ patience: { idleMs: 5_000, slowBodyMs: 300, lingerMs: 300 } });
  expect(statusesIn(await sayTo(victim.port, whole('PUT', '/there', 'there')))).toEqual([200]);
  // Whoever lists these gets half a megabyte.
  const keys = Array.from({ length: 400 }, (_, number) => `/long/${'l'.repeat(800)}${number}`);
  const puts = keys.map((key) => head('PUT', key, ['Content-Length: 0'])).join('');
  const put = statusesIn(await sayTo(victim.port, puts, whole('HEAD', '/there')));
  expect(put).toEqual(Array.from({ length: 401 }, () => 200));
  before = (await victim.memory()).rss;
  other = bystander(victim.port, '/there');
});
afterEach(async () => {
  expect((await victim.memory()).peak - before).toBeLessThan(MOST_BYTES);
});
afterAll(async () => {
  const { served, refused } = await other.ends();
  expect({ refused, served: served > 10 }).toEqual({ refused: 0, served: true });
  await victim.stop();
});

function clients(count: number): Promise<RawClient[]> {
  return Promise.all(Array.from({ length: count }, () => rawClient(victim.port)));
}

test('two thousand idle connections leave room for others', async () => {
  const idle = await clients(2000);
  for (const [number, { say }] of idle.entries()) say(number % 2 === 0 ? 'GET /there HT' : '');
  expect(statusesIn(await sayTo(victim.port, whole('PUT', '/meanwhile', 'a')))).toEqual([200]);
  for (const { socket } of idle) expect(socket.destroyed).toBe(false);
  for (const { socket } of idle) socket.destroy();
});

test('thousands of requests in one go are all answered, in their order', async () => {
  const requests = Array.from({ length: 3000 }, (_, number) =>
    head('GET', `/there?number=${number}`),
  );
  const heard = await sayTo(victim.port, requests.join(''), whole('DELETE', '/there/not'));
  const answers = answersIn(heard);
  expect(answers.filter(({ status }) => status === 200).length).toBe(3000);
  expect(answers.at(-1)?.status).toBe(204);
});

test('whoever asks for much in one go and reads none of it gets no memory', async () => {
  const greedy = await clients(10);
  const requests = head('GET', '/?prefix=long').repeat(1000);
  for (const { socket, say } of greedy) {
    socket.pause();
    say(requests);
  }
  await setTimeout(600);
  for (const { socket } of greedy) socket.destroy();
});

test('a body in pieces of one byte takes no more memory than another', async () => {
  const tiny = '1\r\na\r\n'.repeat(100_000);
  const chunked = 'Transfer-Encoding: chunked';
  const part = '--x\r\nContent-Disposition: form-data; name=';
  const form = `${part}"key"\r\n\r\ntiny\r\n${part}"file"; filename="a"\r\n\r\n`;
  const begun = [
    head('PUT', '/tiny', [chunked]),
    head('PUT', '/?cors', [chunked]),
    head('POST', '/', [chunked, 'Content-Type: multipart/form-data; boundary=x']) +
      `${form.length.toString(16)}\r\n${form}\r\n`,
  ];
  const many = await clients(2 * begun.length);
  for (const [number, { say }] of many.entries()) say(`${begun[number % begun.length]}${tiny}`);
  for (const { heard } of many) expect(await heard).toBe('');
});

test('large bodies of many go to the disk and not into memory', async () => {
  const body = Buffer.alloc(10_000_000);
  const said = (number: number) =>
    head('PUT', `/large-${number}`, [`Content-Length: ${body.length}`, 'Connection: close']);
  const all = Array.from({ length: 16 }, (_, number) => sayTo(victim.port, said(number), body));
  for (const heard of await Promise.all(all)) expect(statusesIn(heard)).toEqual([200]);
});
