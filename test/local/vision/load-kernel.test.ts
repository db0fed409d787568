import { expect, test } from 'vitest';
import { loadKernel } from '../../../local/vision/kernels/load-kernel.ts';

test('a kernel is given no more memory than was said, and never more than 512 MB', () => {
  const kernel = loadKernel('blur');
  expect(() => kernel.lend(64, (room) => room.floats(17))).toThrow('more memory than it was said');
  expect(() => kernel.lend(600 * 2 ** 20, () => 'never')).toThrow();
  expect(kernel.lend(64, (room) => room.floats(16).view.length)).toBe(16);
});

test('memory is empty each time it is lent, and lent to one at a time', () => {
  const kernel = loadKernel('blur');
  kernel.lend(64, (room) => room.floats(16).view.fill(7));
  expect(kernel.lend(64, (room) => [...room.floats(2).view])).toEqual([0, 0]);
  expect(() => kernel.lend(64, () => kernel.lend(64, () => 'never'))).toThrow('lent already');
});

test('a kernel that is not there says how to get it', () => {
  expect(() => loadKernel('nothing')).toThrow('run "npm run ready"');
});
