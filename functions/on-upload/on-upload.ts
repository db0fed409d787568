import type { Receipt } from '../../shared/progress/receipt.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { processObject } from '../../shared/run/process-object.ts';
import { readUploads } from '../../shared/wire/cos-event.ts';

/** event -> uploads -> sources -> plans -> receipts. All records of the event, each on its own. */
export async function onUpload(event: unknown, suite: Suite): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const upload of readUploads(event)) {
    receipts.push(...(await processObject(upload, suite.rules.rules, suite)));
  }
  return receipts;
}
