import { expect, test } from 'vitest';
import { readWorkflowEvent, writeWorkflowEvent } from '../../shared/wire/workflow-event.ts';

const object = { bucket: 'a-1250000000', region: 'ap-guangzhou', key: 'in/猫 1.jpg' };

test('the event of a workflow node is written and read', () => {
  const event = writeWorkflowEvent(object, { ...object, key: 'tmp/1.png' });
  expect(event).toStrictEqual({
    ObjectInfo: { BucketId: 'a-1250000000', Region: 'ap-guangzhou', Object: 'in/猫 1.jpg' },
    Upstream: { BucketId: 'a-1250000000', Region: 'ap-guangzhou', Object: 'tmp/1.png' },
  });
  expect(readWorkflowEvent(event)).toStrictEqual({ ...object, eventName: 'ci:Workflow' });
});

test.for([
  [{}],
  [{ ObjectInfo: null }],
  [{ ObjectInfo: { BucketId: 'a-1', Region: 'ap-guangzhou' } }],
  [{ ObjectInfo: { BucketId: 'a-1', Region: 'nowhere', Object: 'k' } }],
  [{ ObjectInfo: { BucketId: '', Region: 'ap-guangzhou', Object: 'k' } }],
] as const)('%j does not name an object', ([event]) => {
  expect(() => readWorkflowEvent(event)).toThrow(
    expect.objectContaining({ code: 'EVENT_UNREADABLE' }),
  );
});
