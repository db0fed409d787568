import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Subject } from '../../local/vision/matting/cut-out-subject.ts';
import { ownPictures } from './own-pictures.ts';

/** A picture, and how opaque its subject really is. */
export interface KnownCutOut {
  readonly set: string;
  readonly id: string;
  readonly subject: Subject;
  readonly input: Buffer;
  readonly truth: Uint8Array;
  /** Whether 128 in the truth means that nobody can say. */
  readonly unclear: boolean;
}

const FIXTURES = 'test/fixtures/vision';

/** The fixtures, and as many pictures again that are drawn for the purpose. */
export async function knownCutOuts(): Promise<readonly KnownCutOut[]> {
  const own = (await ownPictures()).map(({ id, kind, input, truth }) => ({
    ...{ id, input, truth, unclear: false },
    set: kind === 'goods' ? 'own goods' : 'own pictures',
    subject: kind,
  }));
  return [
    ...(await fixtures('goods', 'goods')),
    ...(await fixtures('matting', 'any')),
    ...own.sort((one, other) => one.set.localeCompare(other.set)),
  ];
}

function fixtures(folder: string, subject: Subject): Promise<readonly KnownCutOut[]> {
  const names = readdirSync(join(FIXTURES, folder)).filter((name) => name.endsWith('.jpg'));
  return Promise.all(
    names.sort().map(async (name) => {
      const id = name.replace('.jpg', '');
      const alpha = sharp(join(FIXTURES, folder, `${id}.alpha.png`)).greyscale();
      return {
        ...{ set: folder, id, subject, unclear: id === 'f-m01' },
        input: readFileSync(join(FIXTURES, folder, name)),
        truth: await alpha.raw().toBuffer(),
      };
    }),
  );
}
