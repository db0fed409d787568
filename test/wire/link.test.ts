import { expect, test } from 'vitest';
import { openSeals } from '../../shared/client/seals.ts';
import { type Link, linkText, writeLink } from '../../shared/wire/link.ts';

const OLD = 'the-old-key-of-at-least-32-characters';
const NEW = 'the-new-key-of-at-least-32-characters';
const link: Link = {
  template: 'cutout',
  of: { key: 'in/red boot?#+%.jpg' },
  output: 1,
  untilSeconds: 1_800_000_000,
};

const signed = (one: Link, key: string) => writeLink(one, openSeals([key]).seal);
const signatureOf = (one: Link, key: string) =>
  new URL(`https://x${signed(one, key)}`).searchParams.get('signature') ?? '';
const isSignedLink = (one: Link, signature: string, keys: readonly string[]) =>
  openSeals(keys).isSealOf(linkText(one), signature);

test('a link is a path with the key in it, when it ends, and a signature', () => {
  expect(signed(link, NEW)).toMatch(
    /^\/v1\/render\/cutout\/in\/red%20boot%3F%23%2B%25\.jpg\?expires=1800000000&signature=[\w-]{43}$/,
  );
  expect(signed({ ...link, of: { url: 'https://img.example.com/a b' }, output: 2 }, NEW)).toMatch(
    /^\/v1\/render\/cutout\?url=https%3A%2F%2Fimg\.example\.com%2Fa%20b&output=2&expires=1800000000&signature=/,
  );
});

test('while keys change, links of both are believed, and of no other', () => {
  expect(isSignedLink(link, signatureOf(link, NEW), [NEW, OLD])).toBe(true);
  expect(isSignedLink(link, signatureOf(link, OLD), [NEW, OLD])).toBe(true);
  expect(isSignedLink(link, signatureOf(link, OLD), [NEW])).toBe(false);
  expect(isSignedLink(link, signatureOf(link, NEW), [])).toBe(false);
});

test.for<[what: string, changed: Link]>([
  ['another template', { ...link, template: 'cutout@1' }],
  ['another key', { ...link, of: { key: 'in/red boot' } }],
  ['the key as an address', { ...link, of: { url: 'in/red boot?#+%.jpg' } }],
  ['a bucket', { ...link, of: { key: 'in/red boot?#+%.jpg', bucket: 'other' } }],
  ['another output', { ...link, output: 2 }],
  ['a later end', { ...link, untilSeconds: 1_900_000_000 }],
])('a signature is good for what was signed, and not for %s', ([, changed]) => {
  expect(isSignedLink(changed, signatureOf(link, NEW), [NEW])).toBe(false);
});

test.for(['', 'x', 'é'.repeat(43), 'A'.repeat(43), 'A'.repeat(10_000)])(
  'what is no signature is none: %#',
  (signature) => {
    expect(isSignedLink(link, signature, [NEW])).toBe(false);
  },
);
