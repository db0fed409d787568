import { openSuite } from '../../shared/suite/open-suite.ts';
import { reprocess } from './reprocess.ts';

const open = openSuite(process.env, { folder: __dirname });

export async function main_handler(event: unknown, context: unknown): Promise<void> {
  const { suite } = await open(context);
  await reprocess(event, suite);
}
