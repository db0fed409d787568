import type { PicRule } from '../../shared/wire/rule-text.ts';

/** What is done to one picture: bytes in, bytes out. */
export interface PictureWork {
  /** As the rule or the query said it, read by the rule grammar. */
  readonly rule: Exclude<PicRule, { kind: 'style' }>;
  readonly input: Uint8Array;
  /** The bytes of the mask a repair was given by address; fetched before. */
  readonly mask?: Uint8Array;
}

/** What the headers of a picture say. */
export interface PictureShape {
  /** Upper case, as the service writes it: `JPEG`, `PNG`, `WEBP`. Empty where the bytes are no picture. */
  readonly format: string;
  /** 0 where the bytes are no picture, and the height as well. */
  readonly width: number;
  readonly height: number;
  /** 1 to 100 where the format has one, else 100. */
  readonly quality: number;
}

/** What is known of a picture without processing it. */
export interface PictureInfo extends PictureShape {
  /** The average colour, `0xrrggbb`. */
  readonly average: string;
  /** The EXIF number; 0 when there is none. */
  readonly orientation: number;
  readonly frames: number;
}

export interface PictureDone {
  readonly output: Uint8Array;
  readonly contentType: string;
  readonly info: PictureShape;
  /** What did the work, for the header `x-darkroom-engine`. */
  readonly engine: string;
}

/** What is done to one video: a file in, a file out. */
export interface VideoWork {
  readonly parameters: SegmentParameters;
  readonly inputPath: string;
  readonly outputPath: string;
  /** The background picture or video, where the mode needs one. */
  readonly backgroundPath?: string;
  onProgress(percent: number): void;
  readonly signal: AbortSignal;
}

/** SegmentVideoBody with every default filled in. */
export interface SegmentParameters {
  readonly mode: 'Mask' | 'Foreground' | 'Combination';
  readonly segmentType: 'HumanSeg' | 'GreenScreenSeg' | 'SolidColorSeg';
  readonly background: readonly [red: number, green: number, blue: number];
  readonly remove: readonly [red: number, green: number, blue: number];
  readonly binaryThreshold: number;
}

/**
 * Why a picture or video could not be processed, by the service's names. The HTTP layer finds the
 * status and the number; a job puts the code into its record.
 */
export type OperationFault =
  | 'InvalidImageFormat'
  | 'InvalidImageSource'
  | 'InvalidArgument'
  | 'ImageTooLarge'
  | 'ImageResolutionExceed'
  | 'InvalidPicOperations'
  | 'NotImplemented'
  | 'InternalError'
  | 'SlowDown';

/** Thrown by operations for what is wrong with what they were given. */
export class OperationError extends Error {
  readonly code: OperationFault;

  constructor(code: OperationFault, message: string) {
    super(message);
    this.name = 'OperationError';
    this.code = code;
  }
}

/** How busy the operations are with pictures. */
export interface Load {
  readonly running: number;
  readonly waiting: number;
  /** Since the start, those that were told to slow down. */
  readonly refused: number;
}

/** All processing stands behind this port: the engine around it does not know how it is done. */
export interface Operations {
  /** Named on the start of the engine and in `x-darkroom-engine`. */
  readonly name: string;
  /** Called once before the engine serves; what it throws keeps the engine from starting. */
  prepare?(): Promise<void>;
  picture(work: PictureWork): Promise<PictureDone>;
  info(input: Uint8Array): Promise<PictureInfo>;
  video(work: VideoWork): Promise<void>;
  /** One line that says which program decodes and encodes videos, or how to get one. */
  videoProgram?(): Promise<string>;
  load?(): Load;
  /** Ends the workers. */
  stop(): Promise<void>;
}
