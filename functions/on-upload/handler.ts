import { reasonToReplay } from '../../shared/progress/receipt.ts';
import { openSuite } from '../../shared/suite/open-suite.ts';
import { onUpload } from './on-upload.ts';

// Nothing is read or opened before the first event, and keys are read with each.
const open = openSuite(process.env, { folder: __dirname });

/** Throwing is how a function asks the platform to deliver the event again, and shows that it failed. */
export async function main_handler(event: unknown, context: unknown): Promise<void> {
  const { suite } = await open(context);
  const reason = reasonToReplay(await onUpload(event, suite));
  if (reason) throw reason;
}
