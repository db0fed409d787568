import type { Unsigned } from '../../shared/wire/signature.ts';

/** The pair printed in the service's own documentation, where it signs the samples A to C. */
export const DOCUMENTED = {
  secretId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
  secretKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz',
};
export const KEYS = { secretId: 'test-secret-id', secretKey: 'test-secret-key' };
export const WINDOW = { fromSeconds: 1_700_000_000, untilSeconds: 1_700_003_600 };
export const WITHIN = 1_700_000_001_000;

export const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';
export const CI_HOST = 'examplebucket-1250000000.ci.ap-guangzhou.myqcloud.com';
export const PIC_OPERATIONS =
  '{"is_pic_info":1,"rules":[{"fileid":"/out/cat.png","rule":"ci-process=AIPicMatting&center-layout=1&padding-layout=20x10"}]}';

export interface Vector {
  readonly name: string;
  readonly request: Unsigned;
  readonly hash: string;
  readonly signature: string;
}

const DOCUMENTED_HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com';

export const DOCUMENTED_VECTORS = [
  {
    name: 'A',
    window: { fromSeconds: 1557989151, untilSeconds: 1557996351 },
    request: {
      method: 'PUT',
      path: '/exampleobject(腾讯云)',
      headers: {
        Date: 'Thu, 16 May 2019 06:45:51 GMT',
        Host: DOCUMENTED_HOST,
        'Content-Type': 'text/plain',
        'Content-Length': '13',
        'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==',
        'x-cos-acl': 'private',
        'x-cos-grant-read': 'uin="100000000011"',
      },
    },
    hash: '8b2751e77f43a0995d6e9eb9477f4b685cca4172',
    signature: '3b8851a11a569213c17ba8fa7dcf2abec6935172',
  },
  {
    name: 'B',
    window: { fromSeconds: 1557989753, untilSeconds: 1557996953 },
    request: {
      method: 'GET',
      path: '/exampleobject(腾讯云)',
      query: {
        'response-content-type': 'application/octet-stream',
        'response-cache-control': 'max-age=600',
      },
      headers: { Date: 'Thu, 16 May 2019 06:55:53 GMT', Host: DOCUMENTED_HOST },
    },
    hash: '54ecfe22f59d3514fdc764b87a32d8133ea611e6',
    signature: '01681b8c9d798a678e43b685a9f1bba0f6c0e012',
  },
] as const;

/** Made for this project; equal to what the Node SDK signs. */
export const VECTORS: readonly Vector[] = [
  {
    name: 'D1',
    request: { method: 'GET', path: '/exampleobject', headers: { host: HOST } },
    hash: '7ea33791cd867bae3db67145e6cb06958f2a62e7',
    signature: '8b87515278ab9157458ffafa4e19c6863af58d19',
  },
  {
    name: 'D2',
    request: {
      method: 'POST',
      path: '/in/cat.jpg',
      query: { image_process: '' },
      headers: { 'content-length': '0', host: HOST, 'pic-operations': PIC_OPERATIONS },
    },
    hash: '642f366ce8add8aaf9fc350408008e132edf0927',
    signature: '4732b475071be75efca47055d0230367e044ce4a',
  },
  {
    name: 'D3',
    request: {
      method: 'GET',
      path: '/in/cat.jpg',
      query: { 'ci-process': 'GoodsMatting', 'detect-url': 'http://www.example.com/abc.jpg' },
      headers: { host: HOST },
    },
    hash: '452e07e0eb15cf9d9df9128e0f7d667b5d65145c',
    signature: '33ffe7533e5239dcf5086718a7ff53f44f1aace2',
  },
  {
    name: 'D4',
    request: {
      method: 'PUT',
      path: "/a b/图(1)+x'y!*.png",
      headers: {
        'content-length': '5',
        'content-type': 'image/png',
        host: HOST,
        'x-cos-meta-foo': 'bar baz',
      },
    },
    hash: '92cb7038bf150e4d740839bd02f3e0efb6e3b0ea',
    signature: 'cd1e83a26033ea0b519d52d4acde43627e407f67',
  },
  {
    name: 'D5',
    request: {
      method: 'POST',
      path: '/jobs',
      headers: { 'content-length': '46', 'content-type': 'application/xml', host: CI_HOST },
    },
    hash: 'c70e54d77a615ac8a4bffc9fe7616a0919265521',
    signature: '876dc93e85f36cd364dd8acd14fb6333102a030b',
  },
  {
    name: 'D6',
    request: {
      method: 'PUT',
      path: '/jobs/a0123456789abcdef',
      query: { cancel: '' },
      headers: { 'content-length': '0', host: CI_HOST },
    },
    hash: 'adff9c7632121660df5ad25164287dc06e2b3af1',
    signature: '4a88230060b80e779f9317b549ccc586ed5687a3',
  },
  {
    name: 'D7',
    request: {
      method: 'GET',
      path: '/',
      query: { prefix: 'a/b c/', delimiter: '/', 'max-keys': '10', 'encoding-type': 'url' },
      headers: { host: HOST },
    },
    hash: '339bf132eee3d48bc36a115e4ee108f8812167e5',
    signature: 'c65991d4f7a7248cba6c96284a38fe3816750397',
  },
  {
    name: 'D8',
    request: { method: 'GET', path: '/in/cat.jpg' },
    hash: '8eb6aed81a243416a5a7b1d7bcd6f9b68d9782e6',
    signature: '92de1bb5481b1cefb0ad2ce502ff2a8227fa584b',
  },
];
