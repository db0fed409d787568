import type { Change } from '../storage/objects.ts';
import type { TableWrite } from '../storage/table.ts';

/** Why an object changed, as the event will say. */
export interface EventCause {
  /** `cos:ObjectCreated:Put` */
  readonly name: string;
  readonly requestId: string;
  readonly remoteAddress: string;
}

/** The side of the outbox that writers see. */
export interface BucketEvents {
  /** What to keep together with the change, so that its event is neither lost nor invented. */
  writesFor(change: Change, cause: EventCause): readonly TableWrite[];
  /** Takes away the notifications of a bucket that is gone. What was raised is still delivered. */
  forget(bucket: string): Promise<void>;
  /** Says that something may wait for delivery. */
  wake(): void;
}
