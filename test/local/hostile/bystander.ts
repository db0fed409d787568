import { Agent, get } from 'node:http';
import { HOST, head } from './raw-client.ts';

/** Somebody who only wants to be served, again and again, while others misbehave. */
export interface Bystander {
  /** How often that went well and how often it did not, until now; asked for once. */
  ends(): Promise<{ readonly served: number; readonly refused: number }>;
}

/** Reads an object that is there. */
export function bystander(port: number, rawPath: string): Bystander {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [, authorization = ''] = /^Authorization: (.*)$/m.exec(head('GET', rawPath)) ?? [];
  let going = true;
  let served = 0;
  let refused = 0;
  const once = () =>
    new Promise<void>((done) => {
      const headers = { Host: HOST, Authorization: authorization.trim() };
      const asked = get({ agent, port, host: '127.0.0.1', path: rawPath, headers });
      asked.on('response', (response) => {
        if (response.statusCode === 200) served += 1;
        else refused += 1;
        response.resume().on('end', done);
      });
      asked.on('error', () => {
        refused += 1;
        done();
      });
    });
  const over = (async () => {
    do {
      await once();
      await new Promise((resolve) => setTimeout(resolve, 5));
    } while (going);
  })();
  return {
    async ends() {
      going = false;
      await over;
      agent.destroy();
      return { served, refused };
    },
  };
}
