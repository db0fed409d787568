import { describe, expect, test } from 'vitest';
import { openCallbacks } from '../../../../local/ci/callbacks/open-callbacks.ts';
import { CiError } from '../../../../local/ci/ci-error.ts';
import { memoryStorage } from '../../../../local/cos/storage/memory-storage.ts';
import { engineClock } from '../../../../local/server/clock.ts';

const clock = engineClock();
const storage = memoryStorage({ clock: clock.now });
const checking = (allowPrivate: boolean) =>
  openCallbacks({ storage, clock, appid: '1250000000', allowPrivate });

const callbacks = checking(false);
const topic = { region: 'gz', mode: 'Queue', name: 'ended' };

/** `501 NotImplemented: …`, or `taken`. */
function inWords(check: () => void): string {
  try {
    check();
    return 'taken';
  } catch (thrown) {
    if (!(thrown instanceof CiError)) throw thrown;
    return `${thrown.status} ${thrown.code}: ${thrown.message}`;
  }
}

describe('a job', () => {
  test.for([
    [{}, /^taken$/],
    [{ url: 'no' }, /^taken$/],
    [{ url: 'https://hooks.example/a?b' }, /^taken$/],
    [{ type: 'TDMQ', queue: topic }, /^taken$/],
    [{ type: 'Kafka' }, /^501 NotImplemented: .*Kafka/],
    [{ url: 'hooks.example' }, /^400 InvalidArgument: CallBack cannot/],
    [{ url: 'ftp://hooks.example/' }, /^400 InvalidArgument: CallBack cannot/],
    [{ url: 'http://u:p@hooks.example/' }, /^400 InvalidArgument: .*password/],
    [{ url: 'http://10.0.0.1/' }, /^400 InvalidArgument: .*--allow-private-fetch/],
    [{ url: 'http://[::1]:80/' }, /^400 InvalidArgument: .*not on the public network/],
    [{ queue: { ...topic, region: 'mars' } }, /^400 InvalidArgument: MqRegion is one of sh/],
    [{ queue: { ...topic, mode: 'Pile' } }, /^400 InvalidArgument: MqMode is one of Topic/],
    [{ queue: { ...topic, name: 'n'.repeat(129) } }, /^400 InvalidArgument: MqName/],
  ] as const)('with the callback %j is answered so', ([callback, words]) => {
    expect(inWords(() => callbacks.check(callback))).toMatch(words);
  });

  test('may call back to this machine where that is allowed', () => {
    expect(inWords(() => checking(true).check({ url: 'http://127.0.0.1:3000/' }))).toBe('taken');
  });
});

test.for([
  [{}, /^taken$/],
  [{ state: 'Off' }, /^taken$/],
  [{ state: 'On', type: 'Url', url: 'http://hooks.example/' }, /^taken$/],
  [{ type: 'TDMQ', mqRegion: 'gz', mqName: 'ended' }, /^taken$/],
  [{ type: 'Kafka' }, /^501 NotImplemented: .*Kafka/],
  [{ type: 'Pigeon' }, /^400 InvalidArgument: .*"Pigeon"/],
  [{ url: 'http://192.168.0.1/' }, /^400 InvalidArgument: Url cannot be called back/],
  [{ type: 'TDMQ', mqRegion: 'gz' }, /^400 InvalidArgument: MqName/],
  [{ type: 'TDMQ', mqName: 'ended' }, /^400 InvalidArgument: MqRegion/],
  [{ mqName: 'ended', mqRegion: 'gz', mqMode: 'Pile' }, /^400 InvalidArgument: MqMode/],
] as const)('a queue with the notification %j is answered so', ([notify, words]) => {
  expect(inWords(() => callbacks.checkQueue(notify))).toMatch(words);
});
