import type { ObjectRef } from '../core/object-ref.ts';

/** An object that appeared in a bucket, as an event tells it. The etag is not in the event. */
export interface Upload extends ObjectRef {
  /** `cos:ObjectCreated:Put` and so on, or `ci:Workflow` when a workflow handed the object on. */
  readonly eventName: string;
  readonly size?: number;
  /** When it happened, in milliseconds. */
  readonly at?: number;
}

/** The empty object by which consoles show a folder. There is nothing in it to process. */
export function isFolderMarker({ key, size }: Pick<Upload, 'key' | 'size'>): boolean {
  return key.endsWith('/') && (size ?? 0) === 0;
}
