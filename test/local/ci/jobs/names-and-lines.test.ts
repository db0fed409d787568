import { describe, expect, test } from 'vitest';
import { batchOutputKey } from '../../../../local/ci/jobs/batch-output.ts';
import { isJobId, newJobId } from '../../../../local/ci/jobs/job-id.ts';
import { advanced } from '../../../../local/ci/jobs/job-state.ts';
import { newJob } from '../../../../local/ci/jobs/new-job.ts';
import { objectIn } from '../../../../local/ci/jobs/object-in.ts';
import { WaitingLine } from '../../../../local/ci/jobs/waiting-line.ts';

const BUCKET = 'shop-1250000000';

test('ids look like the service’s, and sort as they were made', () => {
  const times = [0, 1_600_000_000_000, 1_600_000_000_000, 1_600_000_000_001, 253_402_300_799_000];
  const ids = times.map((time) => newJobId('a', time));
  expect(ids.every(isJobId)).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => newJobId('c', 5))).size).toBe(1000);
});

test.for([
  ['https://shop-1250000000.cos.ap-guangzhou.myqcloud.com/a/b.jpg', 'a/b.jpg'],
  ['http://shop-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b+c.jpg?q-sign=1#x', 'a b+c.jpg'],
  ['http://shop-1250000000.cos-internal.ap-guangzhou.tencentcos.cn/a.jpg', 'a.jpg'],
  ['http://shop-1250000000.cos.ap-guangzhou.localhost:9000/a.jpg', 'a.jpg'],
  ['http://127.0.0.1:9000/shop-1250000000/a.jpg', 'a.jpg'],
  ['http://127.0.0.1:9000/a.jpg', undefined],
  ['http://shop-1250000000.cos.ap-guangzhou.myqcloud.com/', undefined],
  ['http://other-1250000000.cos.ap-guangzhou.myqcloud.com/a.jpg', undefined],
  ['http://shop-1250000000.ci.ap-guangzhou.myqcloud.com/jobs', undefined],
  ['http://example.com/shop-1250000000/a.jpg', undefined],
  ['ftp://shop-1250000000.cos.ap-guangzhou.myqcloud.com/a.jpg', undefined],
  ['a.jpg', undefined],
] as const)('the address %s names %s in the bucket', ([url, key]) => {
  expect(objectIn(BUCKET, url)).toBe(key);
});

test.for([
  ['out/@InputName.@ext', 'a/b/c.tar.gz', 'out/c.tar.gz'],
  ['out/@InputName', 'a/none', 'out/none'],
  ['@InventoryTriggerJobId/@InputName-@ext', '.hidden', 'b1/.hidden-'],
  ['plain.png', 'a.jpg', 'plain.png'],
] as const)('the output %s of %s is written to %s', ([template, input, key]) => {
  const braces = template.replaceAll(/@(\w+)/g, (_, name) => `\${${name}}`);
  expect(batchOutputKey(braces, 'b1', input)).toBe(key);
});

describe('a line', () => {
  test('lets higher levels go first, and of one level whoever came first', () => {
    const line = new WaitingLine();
    for (const [id, level] of [
      ['a', 0],
      ['b', 2],
      ['c', 1],
      ['d', 2],
      ['e', 7],
    ] as const) {
      line.add(id, level);
    }
    expect(line.size).toBe(5);
    expect(line.remove('d')).toBe(true);
    expect(line.remove('d')).toBe(false);
    expect([line.take(), line.take(), line.take(), line.take(), line.take()]).toEqual([
      ...['b', 'e', 'c', 'a', undefined],
    ]);
  });
});

describe('the states of a job', () => {
  const job = newJob({
    ...{ bucket: BUCKET, region: 'ap-guangzhou', queueId: 'p1', tag: 'PicProcess', key: 'a' },
    ...{ operation: { parameters: [] }, callback: {}, now: 0 },
  });
  const inState = (state: string) => ({ ...job, record: { ...job.record, state } });

  test.for([
    ['Submitted', ['Running', 'Cancel']],
    ['Running', ['Running', 'Success', 'Failed']],
    ['Success', []],
    ['Failed', []],
    ['Cancel', []],
  ] as const)('%s may become %j and nothing else', ([from, allowed]) => {
    for (const to of ['Submitted', 'Running', 'Success', 'Failed', 'Pause', 'Cancel'] as const) {
      const may = allowed.some((each) => each === to);
      if (may) expect(advanced(inState(from), to).record.state).toBe(to);
      else expect(() => advanced(inState(from), to)).toThrow(`cannot become ${to}`);
    }
  });
});
