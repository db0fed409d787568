import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  readTicket,
  TICKET_METADATA,
  type Ticket,
  ticketWork,
  writeTicket,
} from '../../shared/progress/ticket.ts';
import { isSealOf, sealOf } from '../../shared/wire/hash-seal.ts';

const KEY = 'a-signing-key-of-at-least-32-characters';
const OTHER = 'another-signing-key-of-32-characters';
const digest = (text: string) => hash('sha256', text);
const believes = (keys: readonly string[]) => (text: string, seal: string) =>
  isSealOf(text, seal, keys);
const place = { bucket: 'shop-1250000000', key: 'in/mug.jpg' };
const ticket: Ticket = {
  ...place,
  untilSeconds: 1_800_000_000,
  works: [
    ticketWork('cutout@1 | ci-process=GoodsMatting | shop/a.png', digest),
    ticketWork('b', digest),
  ],
};
const mark = writeTicket(ticket, (text) => sealOf(text, KEY));

const object = (
  more: { mark?: string; key?: string; bucket?: string; modified?: number } = {},
) => ({
  ...place,
  modified: 1_799_999_000_000,
  ...more,
  metadata: { [TICKET_METADATA]: more.mark ?? mark },
});

test('the mark of a ticket is read from the object that carries it', () => {
  expect(readTicket(object(), believes([OTHER, KEY]))).toEqual(ticket);
  expect(mark).toMatch(/^[\w.-]{1,250}$/);
});

test('an object without a mark was uploaded without a ticket', () => {
  expect(readTicket({ ...object(), metadata: {} }, believes([KEY]))).toBeUndefined();
});

test.for([
  ['of another key', object({ key: 'in/cup.jpg' }), [KEY]],
  ['of another bucket', object({ bucket: 'photos-1250000000' }), [KEY]],
  ['that was over when it appeared', object({ modified: 1_800_000_001_000 }), [KEY]],
  ['signed with a key nobody believes', object(), [OTHER]],
  ['where nobody signs', object(), []],
  ['with a later end', object({ mark: mark.replace('1.18', '1.19') }), [KEY]],
  ['with fewer steps', object({ mark: mark.replace(/\.[^.]+(?=\.[^.]+$)/, '') }), [KEY]],
  ['cut off', object({ mark: mark.slice(0, -1) }), [KEY]],
  ['of no sense', object({ mark: '1.2.3' }), [KEY]],
  ['with no end to it', object({ mark: '1.1'.repeat(100_000) }), [KEY]],
] as const)('nobody claims anything with a mark %s', ([, carrier, keys]) => {
  expect(readTicket(carrier, believes(keys))).toBeUndefined();
});

test('a ticket is about some steps, and no more than one request takes', () => {
  expect(() => writeTicket({ ...ticket, works: [] }, String)).toThrow(RangeError);
  expect(() =>
    writeTicket({ ...ticket, works: Array(6).fill(ticketWork('a', digest)) }, String),
  ).toThrow();
});
