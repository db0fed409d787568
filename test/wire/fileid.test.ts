import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveFileid, writeFileid } from '../../shared/wire/fileid.ts';
import { anyCharacters } from './any-characters.ts';
import { unlessFault } from './unless-fault.ts';

test.for([
  ['/p2/test2.jpg', 'p1/test1.jpg', 'p2/test2.jpg'],
  ['p2/test2.jpg', 'p1/test1.jpg', 'p1/p2/test2.jpg'],
  ['test2.jpg', 'p1/test1.jpg', 'p1/test2.jpg'],
  ['test2.jpg', 'test1.jpg', 'test2.jpg'],
  ['/p1/test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg'],
  ['p1/test1.jpg', 'p1/test1.jpg', 'p1/p1/test1.jpg'],
  ['out//a.png', 'in//b.png', 'in//out//a.png'],
  ['/out//a.png', 'in/b.png', 'out//a.png'],
  ['//a.png', 'in/b.png', '/a.png'],
  ['.hidden', 'a/b.png', 'a/.hidden'],
  ['...', 'a/b.png', 'a/...'],
  ['图 1%+.png', '目录/源.png', '目录/图 1%+.png'],
] as const)('fileid %s of %s is written to %s', ([fileid, source, written]) => {
  expect(resolveFileid(fileid, source)).toBe(written);
});

test.for([
  '',
  '/',
  'p2/',
  '/p2/',
  '//',
  '..',
  './a.png',
  '/../a.png',
  'a/../b.png',
  'a/./b.png',
  'a\u0000.png',
  'a\n.png',
  'a\ud800.png',
  'a'.repeat(1025),
])('fileid %.40j names no file', (fileid) => {
  expect(() => resolveFileid(fileid, 'p1/test1.jpg')).toThrow(
    expect.objectContaining({ code: 'FILEID_INVALID' }),
  );
});

test('a written fileid is its key for every source, or is refused', () => {
  const part = fc.oneof(fc.constantFrom('', '.', '..', 'a', '目'), anyCharacters);
  const path = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(path, path, (key, source) => {
      const fileid = unlessFault(() => writeFileid(key));
      if (fileid !== undefined) expect(resolveFileid(fileid, source)).toBe(key);
    }),
    { numRuns: 300 },
  );
});
