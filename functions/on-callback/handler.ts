import { openSuite } from '../../shared/suite/open-suite.ts';
import { answerCallback } from './answer-callback.ts';

const open = openSuite(process.env, { folder: __dirname });

export async function main_handler(event: unknown, context: unknown): Promise<unknown> {
  return answerCallback(event, await open(context));
}
