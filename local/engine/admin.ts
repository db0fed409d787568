import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import type { Engine } from './engine.ts';

export async function answerAdmin(engine: Engine, incoming: Incoming): Promise<Answer> {
  void engine;
  void incoming;
  return { status: 501, headers: {} };
}
