import { expect, test } from 'vitest';
import { type Address, addressOf } from '../../../local/server/address.ts';

const book = {
  isBucket: (name: string) => name === 'shop-1250000000',
  defaultBucket: 'first-1250000000',
};

/** `ci shop-1250000000 (ap-guangzhou) /jobs`, and so on: short enough for a table. */
function inWords(address: Address): string {
  switch (address.on) {
    case 'bucket':
      return `${address.service} ${address.bucket} (${address.region}) ${address.rawPath}`;
    case 'account':
      return `account ${address.service} (${address.region})`;
    case 'api':
      return `api ${address.service}`;
    case 'function':
      return `function ${address.label} (${address.region})`;
    case 'nowhere':
      return `nowhere ${address.host}`;
    case 'admin':
      return 'admin';
  }
}

test.for([
  [
    'shop-1250000000.cos.ap-guangzhou.myqcloud.com',
    '/a',
    '',
    'cos shop-1250000000 (ap-guangzhou) /a',
  ],
  [
    'shop-1250000000.cos.ap-guangzhou.myqcloud.com:9000',
    '/a',
    '',
    'cos shop-1250000000 (ap-guangzhou) /a',
  ],
  [
    'SHOP-1250000000.COS.ap-guangzhou.MyQCloud.com.',
    '/a',
    '',
    'cos shop-1250000000 (ap-guangzhou) /a',
  ],
  [
    'shop-1250000000.cos-internal.ap-guangzhou.tencentcos.cn',
    '/a',
    '',
    'cos shop-1250000000 (ap-guangzhou) /a',
  ],
  ['shop-1250000000.cos.accelerate.myqcloud.com', '/a', '', 'cos shop-1250000000 (undefined) /a'],
  [
    'shop-1250000000.cos.ap-guangzhou.localhost:9000',
    '/a',
    '',
    'cos shop-1250000000 (ap-guangzhou) /a',
  ],
  [
    'shop-1250000000.ci.ap-guangzhou.myqcloud.com',
    '/jobs',
    '',
    'ci shop-1250000000 (ap-guangzhou) /jobs',
  ],
  [
    'shop-1250000000.ci.ap-guangzhou.tencentci.cn',
    '/jobs',
    '',
    'ci shop-1250000000 (ap-guangzhou) /jobs',
  ],
  ['shop-1250000000.pic.ap-guangzhou.myqcloud.com', '/', '', 'ci shop-1250000000 (ap-guangzhou) /'],
  ['cos.ap-guangzhou.myqcloud.com', '/', '', 'account cos (ap-guangzhou)'],
  ['service.cos.myqcloud.com', '/', '', 'account cos (undefined)'],
  ['ci.ap-guangzhou.myqcloud.com', '/ai_bucket', '', 'account ci (ap-guangzhou)'],
  ['scf.tencentcloudapi.com', '/', '', 'api scf'],
  ['cam.ap-guangzhou.tencentcloudapi.com', '/', '', 'api cam'],
  ['scf.tencentcloudapi.localhost:9000', '/', '', 'api scf'],
  [
    '1250000000-a1b2.ap-guangzhou.tencentscf.com',
    '/a',
    '',
    'function 1250000000-a1b2 (ap-guangzhou)',
  ],
  [
    '1250000000-a1b2.ap-guangzhou.tencentscf.localhost:9000',
    '/a',
    '',
    'function 1250000000-a1b2 (ap-guangzhou)',
  ],
  ['admin.darkroom.localhost:9000', '/clock', '', 'admin'],
  ['127.0.0.1:9000', '/shop-1250000000/a/b', '', 'cos shop-1250000000 (undefined) /a/b'],
  ['[::1]:9000', '/shop-1250000000', '', 'cos shop-1250000000 (undefined) /'],
  ['localhost:9000', '/a/b', '', 'cos first-1250000000 (undefined) /a/b'],
  ['127.0.0.1:9000', '/', '', 'account cos (undefined)'],
  ['127.0.0.1:9000', '/', 'q-sign-algorithm=sha1&q-ak=a', 'account cos (undefined)'],
  ['127.0.0.1:9000', '/', 'prefix=a&marker=', 'cos first-1250000000 (undefined) /'],
  [
    '127.0.0.1:9000',
    '/',
    'ci-process=GoodsMatting&detect-url=x',
    'cos first-1250000000 (undefined) /',
  ],
  ['www.example.com', '/a', '', 'nowhere www.example.com'],
  ['a.b.cos.ap-guangzhou.myqcloud.com', '/a', '', 'nowhere a.b.cos.ap-guangzhou.myqcloud.com'],
] as const)('%s%s?%s is for %s', ([host, path, query, expected]) => {
  const directed = { method: 'GET', host, rawPath: path, rawQuery: query };
  expect(inWords(addressOf(directed, book))).toBe(expected);
});

const to = (method: string, rawPath: string) => ({
  ...{ method, host: '127.0.0.1:9000', rawPath, rawQuery: '' },
});

test.for(['HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'])(
  'a bare %s that names no bucket is for the first one, and does not ask for a list of them',
  (method) => {
    expect(inWords(addressOf(to(method, '/'), book))).toBe('cos first-1250000000 (undefined) /');
  },
);

test('a bucket in the path may have been signed or not', () => {
  const address = addressOf(to('GET', '/shop-1250000000/a'), book);
  expect(address).toMatchObject({ signedPaths: ['/a', '/shop-1250000000/a'] });
});

test('without a default bucket a request that names none is for the account', () => {
  const none = { ...book, defaultBucket: undefined };
  expect(inWords(addressOf(to('GET', '/a'), none))).toBe('account cos (undefined)');
});
