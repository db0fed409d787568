import { expect, test } from 'vitest';
import {
  afterTry,
  type DeliveryOutcome,
  RETRY_POLICY,
} from '../../../../local/cos/events/after-try.ts';
import type { WaitingEntry } from '../../../../local/cos/events/event-entry.ts';
import { MINUTE, START } from './bench-of-events.ts';

const HOUR = 60 * MINUTE;
const codeError: DeliveryOutcome = { error: 'code', message: 'TypeError' };
const throttled: DeliveryOutcome = { error: 'throttled', message: 'no instance left' };

function entry(over: Partial<WaitingEntry> = {}): WaitingEntry {
  const object = {
    ...{ bucket: 'a-1', region: 'ap-guangzhou', key: 'k', size: 1, etag: 'e' },
    ...{ contentType: 'image/jpeg', headers: {}, metadata: {} },
  };
  const event = { name: 'x', at: START, requestId: '', remoteAddress: '', object };
  return {
    ...{ id: '1', state: 'waiting', rule: 'r', subscriber: 's', event, since: START },
    ...{ dueAt: START, inOrder: true, tries: 0, codeErrors: 0, ...over },
  };
}

const at = (now: number) => ({ now, openedAt: START });

test('a code error is tried again a minute later, twice', () => {
  const second = afterTry(entry(), codeError, RETRY_POLICY, at(START));
  expect(second).toMatchObject({ state: 'waiting', dueAt: START + MINUTE, tries: 1 });
  const third = afterTry(entry({ tries: 1, codeErrors: 1 }), codeError, RETRY_POLICY, at(START));
  expect(third).toMatchObject({ state: 'waiting', tries: 2 });
  const end = afterTry(entry({ tries: 2, codeErrors: 2 }), codeError, RETRY_POLICY, at(START));
  expect(end).toMatchObject({
    ...{ state: 'dead', because: 'code-errors', tries: 3 },
    lastError: { kind: 'code', message: 'TypeError' },
  });
});

test('throttling uses up none of the tries for code errors', () => {
  const after = afterTry(entry({ tries: 90, codeErrors: 1 }), throttled, RETRY_POLICY, at(START));
  expect(after).toMatchObject({ state: 'waiting', tries: 91, codeErrors: 1 });
});

test.for([
  [6 * HOUR - MINUTE, 'waiting'],
  [6 * HOUR - MINUTE + 1, 'dead'],
] as const)('an event throttled after %d ms is %s', ([age, state]) => {
  expect(afterTry(entry(), throttled, RETRY_POLICY, at(START + age)).state).toBe(state);
});

test('the time during which the engine was off does not make an event old', () => {
  const time = { now: START + 24 * HOUR, openedAt: START + 24 * HOUR };
  expect(afterTry(entry(), throttled, RETRY_POLICY, time).state).toBe('waiting');
});

test('a second try waits for no other event', () => {
  expect(afterTry(entry(), throttled, RETRY_POLICY, at(START))).toMatchObject({ inOrder: false });
});

test('an endless error message is cut', () => {
  const long: DeliveryOutcome = { error: 'code', message: 'x'.repeat(1_000_000) };
  expect(afterTry(entry(), long, RETRY_POLICY, at(START)).lastError?.message).toHaveLength(2_000);
});

test('what was delivered has neither a time to be tried nor a reason', () => {
  const { lastError, ...after } = afterTry(entry(), 'ok', RETRY_POLICY, at(START + 5));
  expect(after).toMatchObject({ state: 'delivered', tries: 1, at: START + 5 });
  expect(after).not.toHaveProperty('dueAt');
  expect(lastError).toBeUndefined();
});
