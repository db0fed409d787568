import { Fault } from '../core/fault.ts';
import type { ObjectRef } from '../core/object-ref.ts';
import type { JsonObject } from './json.ts';
import { objectIn, textIn } from './json-object.ts';
import { readRegion } from './region-code.ts';
import type { Upload } from './upload.ts';

/**
 * The object that a node of a Cloud Infinite workflow hands to a function. What the node before it
 * made stands beside it as `Upstream` and is not read: the rules are about what was uploaded.
 */
export function readWorkflowEvent(event: JsonObject): Upload {
  const info = objectIn(event, 'ObjectInfo');
  const bucket = textIn(info, 'BucketId');
  const region = readRegion(textIn(info, 'Region') ?? '');
  const key = textIn(info, 'Object');
  if (bucket !== undefined && region !== undefined && key !== undefined) {
    return { bucket, region, key, eventName: 'ci:Workflow' };
  }
  throw new Fault('EVENT_UNREADABLE', 'The event of a workflow does not name its object', {
    detail: { bucket, region: textIn(info, 'Region'), key },
  });
}

export function writeWorkflowEvent(object: ObjectRef, upstream: ObjectRef = object): JsonObject {
  return { ObjectInfo: named(object), Upstream: named(upstream) };
}

function named({ bucket, region, key }: ObjectRef): JsonObject {
  return { BucketId: bucket, Region: region, Object: key };
}
