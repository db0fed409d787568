import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeCallback } from '../../shared/wire/callback.ts';
import {
  type Message,
  readCallbackMessages,
  writeCmqEvent,
  writeTdmqEvent,
} from '../../shared/wire/message-envelope.ts';
import { refusedOrRead } from './wire-format.ts';

const body = (jobId: string) => `{"EventName":"TaskFinish","JobsDetail":[{"JobId":"${jobId}"}]}`;

const message = (jobId: string): Message => ({
  topic: 'jobs',
  appid: 1300001234,
  region: 'ap-guangzhou',
  id: '1152921504606879',
  at: Date.UTC(2026, 0, 1, 2),
  body: body(jobId),
});

const idsIn = (event: unknown) =>
  readCallbackMessages(event).flatMap(({ jobs }) => jobs.map(({ jobId }) => jobId));

test('a CMQ event hands on each of its messages', () => {
  const event = writeCmqEvent([message('a1'), message('a2')]);
  expect(event).toMatchObject({
    Records: [
      {
        CMQ: {
          type: 'topic',
          topicOwner: 1300001234,
          topicName: 'jobs',
          publishTime: '2026-01-01T02:00:00Z',
          msgBody: body('a1'),
        },
      },
      { CMQ: { msgBody: body('a2') } },
    ],
  });
  expect(idsIn(event)).toEqual(['a1', 'a2']);
});

test('an event of EventBridge holds one message, and events may come as a list', () => {
  const event = writeTdmqEvent(message('a1'));
  expect(event).toMatchObject({
    type: 'connector:tdmq',
    subject: 'qcs::tdmq:ap-guangzhou:uin/1300001234:topicName/jobs',
    time: '1767232800000',
    data: { topic: 'jobs', msgBody: body('a1') },
  });
  expect(idsIn(event)).toEqual(['a1']);
  expect(idsIn([event, writeTdmqEvent(message('a2'))])).toEqual(['a1', 'a2']);
});

test('a message may have come through CKafka, and be XML', () => {
  const xml = writeCallback({ eventName: 'TaskFinish', jobs: [] }, 'XML');
  const event = { Records: [{ Ckafka: { topic: 't', msgKey: 'None', msgBody: xml } }] };
  expect(readCallbackMessages(event)).toEqual([{ eventName: 'TaskFinish', jobs: [] }]);
});

test.for([
  ['nothing', undefined, 'JSON_UNREADABLE'],
  ['text', 'a1', 'EVENT_UNREADABLE'],
  ['an empty object', {}, 'EVENT_UNREADABLE'],
  ['a record of COS', { Records: [{ cos: {} }] }, 'EVENT_UNREADABLE'],
  ['a record that is null', { Records: [null] }, 'EVENT_UNREADABLE'],
  ['a message without a body', { Records: [{ CMQ: {} }] }, 'EVENT_UNREADABLE'],
  ['a body that is no text', { data: { msgBody: {} } }, 'EVENT_UNREADABLE'],
  ['a body that is no callback', { data: { msgBody: 'hello' } }, 'CALLBACK_UNREADABLE'],
  [
    'more than a thousand messages',
    { Records: Array(1001).fill({ CMQ: { msgBody: '' } }) },
    'INPUT_TOO_LARGE',
  ],
] as const)('%s is refused', ([, event, code]) => {
  expect(() => readCallbackMessages(event)).toThrow(expect.objectContaining({ code }));
});

test('every message comes back as it was, and whatever else comes only faults are thrown', () => {
  const ids = fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxLength: 3 });
  fc.assert(
    fc.property(ids, fc.jsonValue(), (jobIds, other) => {
      expect(idsIn(writeCmqEvent(jobIds.map(message)))).toEqual(jobIds);
      expect(idsIn(jobIds.map((id) => writeTdmqEvent(message(id))))).toEqual(jobIds);
      refusedOrRead(() => readCallbackMessages(other));
      refusedOrRead(() => readCallbackMessages({ Records: [{ CMQ: other }], data: other }));
    }),
  );
});
