import type { Unsigned } from '../../shared/wire/signature.ts';
import { CI_HOST, HOST, PIC_OPERATIONS } from './signature-vectors.ts';

interface Awkward {
  readonly what: string;
  readonly request: Unsigned;
}

const host = { Host: HOST };

const keys: Readonly<Record<string, string>> = {
  'a plain key': '/in/cat.jpg',
  'a space in the key': '/a b.png',
  'many spaces in the key': '/ a  b /  c ',
  'Chinese in the key': '/图片/猫.png',
  'Japanese and Korean in the key': '/写真/猫の고양이.png',
  'Arabic in the key': '/صورة.png',
  'an emoji in the key': '/🐱.png',
  'an emoji of several characters in the key': '/👩‍👩‍👧‍👦/🏳️‍🌈.png',
  'a combining accent in the key': '/cafe\u0301.png',
  'an accented letter in the key': '/café.png',
  'sub-delimiters in the key': "/!'()*.png",
  'a tilde in the key': '/~user/a~b.png',
  'a percent sign in the key': '/100%.png',
  'what looks like an escape in the key': '/a%20b%2Fc.png',
  'a plus in the key': '/a+b+c.png',
  'an equals sign and an ampersand in the key': '/a=b&c=d.png',
  'a question mark in the key': '/what?.png',
  'a hash in the key': '/#1/a#b.png',
  'a semicolon and a comma in the key': '/a;b,c.png',
  'a colon and an at sign in the key': '/a:b@c.png',
  'brackets and braces in the key': '/[a]{b}<c>.png',
  'quotes in the key': '/"a"`b`.png',
  'a backslash and a bar in the key': '/a\\b|c^d.png',
  'a dollar sign in the key': '/$name/$$.png',
  'doubled slashes in the key': '/a//b///c.png',
  'a key that starts with a slash': '//a.png',
  'a key of slashes only': '////',
  'a key that ends with a slash': '/folder/',
  'dots as segments of the key': '/./a/../b/.png',
  'a line break in the key': '/a\nb\tc.png',
  'a NUL in the key': '/a\0b.png',
  'a key of 850 bytes': `/${'k'.repeat(850)}`,
  'a key of 850 bytes in Chinese': `/${'图'.repeat(283)}`,
  'the bucket itself': '/',
};

const queries: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the bare parameter acl': { acl: '' },
  'the bare parameter image_process': { image_process: '' },
  'the bare parameter tagging': { tagging: '' },
  'the bare parameter uploads': { uploads: '' },
  'the parameters of a part': { partNumber: '1', uploadId: '1585130821cbb7df1d11846c073ad648' },
  'empty values': { prefix: '', marker: '', delimiter: '/' },
  'the parameters of a list': {
    prefix: 'a/b c/',
    delimiter: '/',
    'max-keys': '10',
    'encoding-type': 'url',
  },
  'upper case in parameter names': { MaxKeys: '1', Prefix: 'A', acl: '' },
  'one parameter in two cases': { a: '1', A: '2' },
  'a plus and a space in a value': { prefix: 'a+b c' },
  'a percent sign in a value': { prefix: '100%20' },
  'sub-delimiters in a value': { prefix: "!'()*~" },
  'Chinese in a value': { prefix: '图/', marker: '图/猫' },
  'Chinese in a parameter name': { 图: '1' },
  'an emoji in a value': { prefix: '🐱' },
  'an address in a value': {
    'ci-process': 'GoodsMatting',
    'detect-url': 'http://www.example.com/a b.jpg?x=1&y=2',
  },
  'answer headers to override': {
    'response-content-type': 'application/octet-stream; charset=utf-8',
    'response-cache-control': 'max-age=600',
    'response-content-disposition': 'attachment; filename="图 (1).png"',
  },
  'an image rule as a parameter': { 'imageMogr2/thumbnail/!50p': '' },
  'a watermark rule as a parameter': { 'watermark/2/text/6IW-6K6v5LqR/fill/I0ZGRkZGRg==': '' },
  'an image rule beside another parameter': { 'imageMogr2/rotate/90': '', 'ci-process': 'x' },
  'names that object literals trip over': { constructor: '1', toString: '2', valueOf: '3' },
  'fifty parameters': Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`p${(at * 7) % 50}`, `${at}`]),
  ),
};

const headers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Pic-Operations': { 'Content-Length': '0', 'Pic-Operations': PIC_OPERATIONS },
  'escaped Chinese in Pic-Operations': {
    'pic-operations': '{"rules":[{"fileid":"/\\u56fe.png","rule":"imageMogr2/rotate/90"}]}',
  },
  'spaces in Pic-Operations': { 'Pic-Operations': '{ "is_pic_info": 1, "rules": [ ] }' },
  'every content header': {
    'Content-Type': 'image/svg+xml; charset=utf-8',
    'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==',
    'Content-Length': '13',
    'Content-Encoding': 'gzip',
    'Content-Disposition': 'attachment; filename="a (1)*.png"',
    'Cache-Control': 'max-age=0, no-cache',
    Expires: 'Thu, 16 May 2019 06:45:51 GMT',
  },
  'every condition': {
    'If-Match': '"ee8de918d05640145b18f70f4c3aa602"',
    'If-None-Match': '*',
    'If-Modified-Since': 'Thu, 16 May 2019 06:45:51 GMT',
    'If-Unmodified-Since': 'Thu, 16 May 2019 06:45:51 GMT',
    Range: 'bytes=0-9',
    Origin: 'https://example.com',
    Expect: '100-continue',
    'Transfer-Encoding': 'chunked',
  },
  metadata: { 'x-cos-meta-foo': 'bar baz', 'x-cos-meta-a-b': '', 'X-Cos-Meta-UPPER': 'Value' },
  'Chinese metadata': { 'x-cos-meta-name': '图' },
  'a storage class, an ACL and tags': {
    'x-cos-storage-class': 'STANDARD_IA',
    'x-cos-acl': 'private',
    'x-cos-grant-read': 'uin="100000000011"',
    'x-cos-tagging': 'a=1&b=%E5%9B%BE',
  },
  'a copy source': {
    'x-cos-copy-source': `${HOST}/a%20b/%E5%9B%BE.png?versionId=x`,
    'x-cos-metadata-directive': 'Replaced',
  },
  'a token': { 'x-cos-security-token': 'tok+/==.-_~', 'x-ci-security-token': 'tok+/==' },
  'the header a retry adds': { 'x-cos-sdk-retry': 'true' },
  'an empty header': { 'Cache-Control': '', 'Content-Type': '' },
  'headers nobody signs': { Accept: '*/*', 'User-Agent': 'x', Date: 'today' },
};

/** Requests that signers get wrong: the Node SDK says what is right. */
export const AWKWARD: readonly Awkward[] = [
  ...Object.entries(keys).map(([what, path]) => ({
    what,
    request: { method: 'GET', path, headers: host },
  })),
  ...Object.entries(queries).map(([what, query]) => ({
    what,
    request: { method: 'GET', path: '/in/cat.jpg', query, headers: host },
  })),
  ...Object.entries(headers).map(([what, others]) => ({
    what,
    request: { method: 'PUT', path: '/in/cat.jpg', headers: { ...others, ...host } },
  })),
  {
    what: 'nothing to sign but its path',
    request: { method: 'DELETE', path: '/in/cat.jpg' },
  },
  {
    what: 'a job for the CI host',
    request: {
      method: 'POST',
      path: '/jobs',
      headers: { Host: CI_HOST, 'Content-Type': 'application/xml', 'Content-Length': '46' },
    },
  },
  {
    what: 'a bucket name and a port in the host',
    request: { method: 'HEAD', path: '/a', headers: { host: 'localhost:9000' } },
  },
];
