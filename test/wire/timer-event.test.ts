import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTimerEvent, writeTimerEvent } from '../../shared/wire/timer-event.ts';
import { refusedOrRead } from './wire-format.ts';

test('a tick of a timer is read and written', () => {
  const event = {
    Type: 'Timer',
    TriggerName: 'nightly-reprocess',
    Time: '2026-01-01T18:00:00Z',
    Message: '{"prefix":"incoming/"}',
  };
  const tick = {
    trigger: 'nightly-reprocess',
    at: Date.UTC(2026, 0, 1, 18),
    message: '{"prefix":"incoming/"}',
  };
  expect(readTimerEvent(event)).toStrictEqual(tick);
  expect(writeTimerEvent(tick)).toStrictEqual(event);
});

test('a tick that says nothing is a tick', () => {
  expect(readTimerEvent({ Type: 'Timer', Time: 'soon' })).toStrictEqual({
    trigger: '',
    message: '',
  });
});

test.for([undefined, null, 'Timer', [], {}, { Type: 'timer' }, { Records: [] }])(
  '%j is no tick',
  (event) => {
    expect(() => readTimerEvent(event)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(?:EVENT|JSON)_UNREADABLE$/) }),
    );
  },
);

test('every tick comes back as it was, and whatever else comes only faults are thrown', () => {
  const tick = fc.record({
    trigger: fc.string(),
    at: fc.nat(4_000_000_000).map((seconds) => seconds * 1000),
    message: fc.string().filter((text) => !text.includes('\0')),
  });
  fc.assert(
    fc.property(tick, fc.jsonValue(), (value, other) => {
      expect(readTimerEvent(writeTimerEvent(value))).toEqual(value);
      refusedOrRead(() => readTimerEvent(other));
    }),
  );
});
