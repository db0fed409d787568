import { describe, expect, test } from 'vitest';
import { whomToTell } from '../../../../local/ci/callbacks/whom-to-tell.ts';
import type { EndedJob } from '../../../../local/ci/callbacks-port.ts';

/** `XML to http://…`, `JSON to topic t in gz`, or `nobody`. */
function inWords(callback: EndedJob['callback'], notify: EndedJob['notify']): string {
  const told = whomToTell({ callback, notify });
  if (!told) return 'nobody';
  const { target, format } = told;
  if (target.to === 'address') return `${format} to ${target.url}`;
  return `${format} to topic ${target.topic} in ${target.region}`;
}

const queue = { state: 'On', event: 'TaskFinish', url: 'http://queue/' };
const topic = { region: 'gz', mode: 'Queue', name: 'ended' };

describe('of a job', () => {
  test.for([
    ['says nothing, and its queue neither', {}, {}, 'nobody'],
    ['says where', { url: 'http://job/' }, {}, 'XML to http://job/'],
    ['says where and how', { url: 'http://job/', format: 'JSON' }, {}, 'JSON to http://job/'],
    ['says Url', { url: 'http://job/', type: 'Url' }, queue, 'XML to http://job/'],
    ['says nothing', {}, queue, 'XML to http://queue/'],
    ['says something else than its queue', { url: 'http://job/' }, queue, 'XML to http://job/'],
    ['says only how', { format: 'JSON' }, queue, 'JSON to http://queue/'],
    ['says no', { url: 'no' }, queue, 'nobody'],
    ['says no, though it names a topic', { url: 'no', type: 'TDMQ', queue: topic }, {}, 'nobody'],
    ['names a topic', { type: 'TDMQ', queue: topic }, queue, 'XML to topic ended in gz'],
    ['names a topic and no type', { queue: topic }, queue, 'XML to http://queue/'],
  ] as const)('that %s', ([, callback, notify, words]) => {
    expect(inWords(callback, notify)).toBe(words);
  });
});

describe('of a queue', () => {
  test.for([
    ['is off', { state: 'Off' }, 'nobody'],
    ['says nothing of being on', { state: undefined }, 'nobody'],
    ['is on for workflows', { event: 'WorkflowFinish' }, 'nobody'],
    ['is on for both', { event: 'WorkflowFinish, TaskFinish' }, 'XML to http://queue/'],
    ['is on for nothing in particular', { event: undefined }, 'XML to http://queue/'],
    ['wants JSON', { resultFormat: 'JSON' }, 'JSON to http://queue/'],
    ['has no address', { url: undefined }, 'nobody'],
    ['names a topic', { type: 'TDMQ', mqName: 'all', mqRegion: 'sh' }, 'XML to topic all in sh'],
    ['names no topic', { type: 'TDMQ' }, 'nobody'],
  ] as const)('that %s', ([, changed, words]) => {
    const notify = Object.entries({ ...queue, ...changed }).filter(([, value]) => value);
    expect(inWords({}, Object.fromEntries(notify))).toBe(words);
  });
});
