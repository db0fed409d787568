import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../shared/core/fault.ts';
import { sendRequest } from './send-request.ts';

/** Which engine is asked: by its port, and by the folder its token lies in. */
export interface EnginePlace {
  readonly data: string;
  readonly port: number;
}

/** An answer of the admin API of an engine on this machine. */
export async function askEngine({ data, port }: EnginePlace, path: string): Promise<unknown> {
  const headers = { 'x-darkroom-token': tokenIn(data) };
  const address = `http://admin.darkroom.localhost:${port}${path}`;
  const { status, text } = await sendRequest(address, { headers }).catch((cause) => {
    const hint = 'Is it running, and on this port? "darkroom engine" starts one.';
    throw new Fault('ENGINE_UNREACHABLE', `No engine answers on port ${port}`, { cause, hint });
  });
  if (status === 200) return JSON.parse(text);
  throw new Fault('ENGINE_UNREACHABLE', `The engine answered ${status}: ${text.slice(0, 300)}`);
}

function tokenIn(data: string): string {
  const path = join(data, 'admin-token');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const hint = 'Name the folder that the engine was started with: --data.';
    throw new Fault('ENGINE_UNREACHABLE', `There is no token of an engine at ${path}`, {
      cause,
      hint,
    });
  }
}
