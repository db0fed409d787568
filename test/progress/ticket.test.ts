import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSeals } from '../../shared/client/seals.ts';
import type { Source } from '../../shared/core/object-ref.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import {
  TICKET_METADATA,
  type Ticket,
  ticketedSteps,
  ticketWork,
  writeTicket,
} from '../../shared/progress/ticket.ts';
import { FROM_USER, output, photo, rule, template } from '../plan/rules-for-tests.ts';

const KEY = 'a-signing-key-of-at-least-32-characters';
const OTHER = 'another-signing-key-of-32-characters';
const digest = (text: string) => hash('sha256', text);
const { seal } = openSeals([KEY]);

const outputs = [output('cut/{stem}.png'), output('by-bytes/{etag8}.png')];
const rules = [rule('products', {}, { templates: [template(outputs, 'cutout', 2)] })];
const unknown = photo({ etag: '0'.repeat(32) });
const [cut] = makePlan(rules, unknown, FROM_USER).steps;
if (!cut) throw new Error('The rules for this test make nothing');

const ticket: Ticket = {
  bucket: unknown.bucket,
  key: unknown.key,
  untilSeconds: 1_800_000_000,
  works: [ticketWork(cut, digest)],
};
const mark = writeTicket(ticket, seal);

function uploaded(more: Partial<Source> & { mark?: string } = {}): Source {
  const { mark: own = mark, ...rest } = more;
  return photo({ modified: 1_799_999_000_000, metadata: { [TICKET_METADATA]: own }, ...rest });
}

function ticketed(source: Source, keys: readonly string[] = [KEY]) {
  const { steps } = makePlan(rules, source, FROM_USER);
  const ids = ticketedSteps(source, steps, { seals: openSeals(keys), digest });
  return steps.filter(({ id }) => ids.has(id)).map(({ target }) => target.key);
}

test('an upload by ticket claims the steps its ticket was for, whatever its bytes are', () => {
  expect(ticketed(uploaded())).toEqual(['cut/mug.png']);
  expect(ticketed(uploaded({ etag: 'f'.repeat(32) }), [OTHER, KEY])).toEqual(['cut/mug.png']);
  expect(mark).toMatch(/^[\w.]+[\w.-]{1,250}$/);
});

test('an upload without a mark claims nothing', () => {
  expect(ticketed(uploaded({ metadata: {} }))).toEqual([]);
});

test.for<[what: string, Parameters<typeof uploaded>[0], keys?: readonly string[]]>([
  ['of another key', { key: 'products/cup.jpg' }],
  ['of another bucket', { bucket: 'photos-1300001234' }],
  ['that was over when it appeared', { modified: 1_800_000_001_000 }],
  ['signed with a key that nobody believes', {}, [OTHER]],
  ['where nobody signs', {}, []],
  ['with a later end', { mark: mark.replace('1.18', '1.19') }],
  ['for another step', { mark: mark.replace(/\.[0-9a-f]{32}\./, `.${'0'.repeat(32)}.`) }],
  ['cut off', { mark: mark.slice(0, -1) }],
  ['of no sense', { mark: '1.2.3' }],
  ['with no end to it', { mark: '1.1'.repeat(100_000) }],
])('nobody claims anything with a mark %s', ([, more, keys]) => {
  expect(ticketed(uploaded(more), keys)).toEqual([]);
});

test('a ticket is about some steps, and no more than one request takes', () => {
  expect(() => writeTicket({ ...ticket, works: [] }, seal)).toThrow(RangeError);
  const six = Array.from({ length: 6 }, () => ticketWork(cut, digest));
  expect(() => writeTicket({ ...ticket, works: six }, seal)).toThrow(RangeError);
});
