import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lane, type Ticket } from '../../../../local/cos/events/lane.ts';

function ticket(id: string, line: string, over: Partial<Ticket> = {}): Ticket {
  return { id, line, since: 0, dueAt: 0, inOrder: true, ...over };
}

test('the events of one object go one at a time and in order', () => {
  const lane = new Lane();
  const [first, second] = [ticket('1', 'a'), ticket('2', 'a')];
  lane.add(second);
  lane.add(first);
  expect(lane.take(0)).toEqual(first);
  expect(lane.take(0)).toBeUndefined();
  lane.settle(first);
  expect(lane.take(0)).toEqual(second);
});

test('an object does not wait for another', () => {
  const lane = new Lane();
  lane.add(ticket('1', 'a'));
  lane.add(ticket('2', 'b'));
  expect([lane.take(0)?.line, lane.take(0)?.line]).toEqual(['a', 'b']);
});

test('an event that was tried in vain does not hold up the next of its object', () => {
  const lane = new Lane();
  const [first, second] = [ticket('1', 'a'), ticket('2', 'a')];
  lane.add(first);
  lane.add(second);
  lane.take(0);
  lane.settle(first, { ...first, dueAt: 60, inOrder: false });
  expect(lane.take(0)).toEqual(second);
  lane.settle(second);
  expect(lane.take(59)).toBeUndefined();
  expect(lane.nextDue).toBe(60);
  expect(lane.take(60)?.id).toBe('1');
});

test('an event that is not due yet holds up those of its object that come after it', () => {
  const lane = new Lane();
  lane.add(ticket('1', 'a', { dueAt: 100 }));
  lane.add(ticket('2', 'a', { dueAt: 5 }));
  expect(lane.take(50)).toBeUndefined();
  expect(lane.take(100)?.id).toBe('1');
});

test('what nobody took is due when somebody is there, what waits for its time is not', () => {
  const lane = new Lane();
  const unclaimed = ticket('1', 'a');
  lane.add(unclaimed);
  lane.take(0);
  lane.settle(unclaimed, { ...unclaimed, dueAt: 60, unclaimed: true });
  lane.add(ticket('2', 'b', { dueAt: 60 }));
  lane.claim(10);
  expect(lane.take(10)?.id).toBe('1');
  expect(lane.take(10)).toBeUndefined();
});

test('a second try that nobody took goes before one whose time has not come', () => {
  const lane = new Lane();
  const unclaimed = ticket('1', 'a', { inOrder: false });
  lane.add(unclaimed);
  lane.take(0);
  lane.add(ticket('2', 'a', { dueAt: 30, inOrder: false }));
  lane.settle(unclaimed, { ...unclaimed, dueAt: 60, unclaimed: true });
  lane.claim(10);
  expect(lane.take(10)?.id).toBe('1');
});

test('an event taken out is not there any more, and one on its way cannot be', () => {
  const lane = new Lane();
  lane.add(ticket('1', 'a'));
  lane.add(ticket('2', 'a'));
  expect(lane.remove('2', 'a')).toBe(true);
  const first = lane.take(0);
  expect(first?.id).toBe('1');
  expect(lane.remove('1', 'a')).toBe(false);
  if (first) lane.settle(first);
  expect(lane.take(0)).toBeUndefined();
});

test('of many objects, the one that is due first goes first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000)), (times) => {
      const lane = new Lane();
      for (const [n, dueAt] of times.entries()) lane.add(ticket(String(n), `${n}`, { dueAt }));
      const taken = times.map(() => lane.take(1_000)?.dueAt);
      expect(taken).toEqual([...times].sort((a, b) => a - b));
    }),
  );
});

test('every event goes once and none before its time, whatever comes when', () => {
  const event = fc.record({
    line: fc.constantFrom('a', 'b', 'c'),
    dueAt: fc.nat(50),
    inOrder: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(fc.array(event, { maxLength: 8 }), { maxLength: 12 }), (rounds) => {
      const lane = new Lane();
      const waiting = new Map<string, Ticket>();
      const underWay: Ticket[] = [];
      let id = 100;
      for (const [round, added] of [...rounds, [], [], []].entries()) {
        const now = round < rounds.length ? round * 5 : 1_000;
        for (const each of added) {
          const one = ticket(String(id++), each.line, each);
          waiting.set(one.id, one);
          lane.add(one);
        }
        for (const each of underWay.splice(0)) lane.settle(each);
        for (let next = lane.take(now); next; next = lane.take(now)) {
          expect(next.dueAt).toBeLessThanOrEqual(now);
          expect(waiting.delete(next.id)).toBe(true);
          const { line } = next;
          expect(underWay.map((other) => other.line)).not.toContain(line);
          if (round < rounds.length) underWay.push(next);
          else lane.settle(next);
        }
      }
      expect([...waiting.keys()]).toEqual([]);
    }),
  );
});
