import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Fault } from '../shared/core/fault.ts';

/** Which engine is asked: by its port, and by the folder its token lies in. */
export interface EnginePlace {
  readonly data: string;
  readonly port: number;
}

/** An answer of the admin API of an engine on this machine. */
export function askEngine({ data, port }: EnginePlace, path: string): Promise<unknown> {
  const headers = { host: 'admin.darkroom.localhost', 'x-darkroom-token': tokenIn(data) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => {
        text += piece;
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else
          reject(
            new Fault(
              'ENGINE_UNREACHABLE',
              `The engine answered ${answer.statusCode}: ${text.slice(0, 300)}`,
            ),
          );
      });
    });
    asked.on('error', (cause) => {
      const hint = 'Is it running, and on this port? "darkroom engine" starts one.';
      reject(new Fault('ENGINE_UNREACHABLE', `No engine answers on port ${port}`, { cause, hint }));
    });
    asked.end();
  });
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
