import { type Fault, toFault } from '../../shared/core/fault.ts';
import type { Receipt } from '../../shared/progress/receipt.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { processObject } from '../../shared/run/process-object.ts';
import { readUploads } from '../../shared/wire/cos-event.ts';

/**
 * event -> uploads -> sources -> plans -> receipts. All records of the event: one that goes wrong does
 * not keep the others from being processed, and what went wrong first is thrown in the end.
 */
export async function onUpload(event: unknown, suite: Suite): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  const faults: Fault[] = [];
  for (const upload of readUploads(event)) {
    try {
      receipts.push(...(await processObject(upload, suite.rules.rules, suite)));
    } catch (thrown) {
      const fault = toFault(thrown, 'COS_UNREACHABLE');
      suite.log.error('not processed', { key: upload.key, fault });
      faults.push(fault);
    }
  }
  const [first] = faults;
  if (first) throw first;
  return receipts;
}
