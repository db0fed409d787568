import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readManifest, readReport } from '../../../../local/ci/jobs/inventory.ts';

const BUCKET = 'shop-1250000000';

function manifest(fields: object) {
  const usual = { fileFormat: 'CSV', fileSchema: 'Appid, Bucket, Key, Size', files: [] };
  return Buffer.from(JSON.stringify({ ...usual, ...fields }));
}

test.for([
  ['"1","shop","a ""b"".jpg","2"', ['a "b".jpg']],
  ['1,shop,a%2Cb.jpg,2\r\n1,shop,c.jpg,2\r\n', ['a,b.jpg', 'c.jpg']],
  ['"1","shop","a,b.jpg"', ['a,b.jpg']],
  ['1,elsewhere,a.jpg,2', []],
  ['1,shop-1250000000,100%.jpg,2', ['100%.jpg']],
  ['1,shop', []],
  ['"1","shop","never closed', ['never closed']],
  ['', []],
] as const)('the report %j names %j', ([text, keys]) => {
  const read = readManifest(manifest({}));
  expect(readReport(Buffer.from(text), read, BUCKET)).toEqual(keys);
  expect(readReport(gzipSync(text), read, BUCKET)).toEqual(keys);
});

test.for([
  ['is no JSON', Buffer.from('Key'), 'JSON'],
  ['is a list', Buffer.from('[]'), 'object'],
  ['is about another format', manifest({ fileFormat: 'ORC' }), 'CSV'],
  ['has no keys', manifest({ fileSchema: 'Appid, Bucket' }), 'Key'],
  ['lists no files', manifest({ files: 'one' }), 'files'],
  ['lists a file without a key', manifest({ files: [{ size: 1 }] }), 'key'],
  ['lists too many files', manifest({ files: Array(1001).fill({ key: 'a' }) }), '1000'],
] as const)('a manifest that %s is refused', ([, bytes, word]) => {
  expect(() => readManifest(bytes)).toThrow(word);
});

test('a report that unpacks to more than is read is refused', () => {
  const bomb = gzipSync(Buffer.alloc(130 * 1024 * 1024));
  expect(() => readReport(bomb, readManifest(manifest({})), BUCKET)).toThrow('unpacked');
}, 15_000);

test('a report of nothing but quotes is read in no time', () => {
  const quotes = Buffer.alloc(4 * 1024 * 1024, '"');
  expect(readReport(quotes, readManifest(manifest({})), BUCKET)).toEqual([]);
}, 5000);
