import { expect, test } from 'vitest';
import { RecentBytes } from '../../../../local/cos/storage/recent-bytes.ts';

const KB = 1024;

test('forgets the file that was not read for the longest time when there is no more room', () => {
  const recent = new RecentBytes(12 * KB);
  for (const file of ['a', 'b', 'c']) recent.add(file, Buffer.alloc(3 * KB, file));
  expect(recent.get('a')).toEqual(Buffer.alloc(3 * KB, 'a'));
  recent.add('d', Buffer.alloc(3 * KB, 'd'));
  const held = ['a', 'b', 'c', 'd'].filter((file) => recent.get(file) !== undefined);
  expect(held).toEqual(['a', 'c', 'd']);
});

test('has room again for what comes after a file that is gone', () => {
  const recent = new RecentBytes(12 * KB);
  for (const file of ['a', 'b', 'c']) recent.add(file, Buffer.alloc(3 * KB));
  recent.remove('c');
  recent.remove('c');
  recent.add('d', Buffer.alloc(3 * KB));
  const held = ['a', 'b', 'c', 'd'].filter((file) => recent.get(file) !== undefined);
  expect(held).toEqual(['a', 'b', 'd']);
});

test('holds a bounded number of files, however small they are', () => {
  const recent = new RecentBytes(64 * KB);
  const files = Array.from({ length: 10_000 }, (_, number) => `file-${number}`);
  for (const file of files) recent.add(file, Buffer.alloc(0));
  expect(files.filter((file) => recent.get(file) !== undefined).length).toBeLessThan(200);
});

test('does not hold what alone is more than there is room for', () => {
  const recent = new RecentBytes(12 * KB);
  recent.add('a', Buffer.alloc(20 * KB));
  expect(recent.get('a')).toBeUndefined();
});
