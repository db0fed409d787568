import type { EventEntry } from '../../../../local/cos/events/event-entry.ts';

/** The key of the object that an event is about. */
export function keyOf(event: EventEntry['event']): string {
  if ('object' in event) return event.object.key;
  throw new Error(`${event.name} is about no object`);
}
