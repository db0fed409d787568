import type { ModelUse } from '../../vision/models/model-card.ts';
import type { PictureOperation } from './read-operation.ts';
import type { Opened } from './read-picture.ts';

/** A picture that was made, in the format it is answered in. */
export interface Made {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** What did the work, where it can say it better than the name of the craft. */
  readonly engine?: string;
}

export type Asked<Does extends PictureOperation['does']> = Extract<
  PictureOperation,
  { does: Does }
>;

/** One way to do all operations: what may not be asked was refused before. */
export type Craft = {
  readonly [Does in PictureOperation['does']]: (
    opened: Opened,
    asked: Asked<Does>,
    mask: Uint8Array | undefined,
  ) => Promise<Made>;
};

/** Which craft, and its bounds. Goes to the threads with each picture. */
export interface CraftOptions {
  readonly name: 'instant' | 'classical';
  /** No picture with more pixels is worked on; one of a gigabyte may still be scaled down. */
  readonly maxPixels: number;
  readonly models?: ModelFiles;
  /** Refuses what only a model does honestly, where there is none. */
  readonly strictAi?: boolean;
}

/** The files of models that were plugged in. */
export type ModelFiles = Partial<Readonly<Record<ModelUse, string>>>;

export const INSTANT: CraftOptions = { name: 'instant', maxPixels: 250_000_000 };
