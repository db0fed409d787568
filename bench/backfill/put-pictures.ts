import sharp from 'sharp';
import { authorization } from '../../shared/wire/signature.ts';
import { load } from '../http-load.ts';
import { BUCKET, OWNER, REGION } from './account.ts';
import type { EngineProcess } from './engine-process.ts';

const UPLOADS_AT_ONCE = 8;

/** One small picture under so many keys. */
export async function putPictures(
  { port }: Pick<EngineProcess, 'port'>,
  objects: number,
): Promise<void> {
  const create = { width: 32, height: 32, channels: 3, background: '#a33' } as const;
  const picture = await sharp({ create }).jpeg().toBuffer();
  const host = `${BUCKET}.cos.${REGION}.myqcloud.com`;
  const now = Math.floor(Date.now() / 1000);
  const window = { fromSeconds: now - 60, untilSeconds: now + 24 * 3600 };
  const { failed } = await load({
    ...{ port, connections: UPLOADS_AT_ONCE, seconds: 24 * 3600, requests: objects },
    request(number) {
      const path = `/in/${String(number).padStart(7, '0')}.jpg`;
      const headers = { host, 'content-length': String(picture.length) };
      const signed = authorization({ method: 'PUT', path, query: {}, headers }, OWNER, window);
      const head = `PUT ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${picture.length}\r\nAuthorization: ${signed}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), picture]);
    },
  });
  if (failed > 0) throw new Error(`${failed} pictures could not be put`);
}
