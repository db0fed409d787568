import type { PicRule, RuleOption } from '../../../shared/wire/rule-text.ts';
import { OperationError } from '../operations-port.ts';
import type { Layout } from './layout.ts';
import { type Polygon, readPolygons } from './mask-polygons.ts';
import { Options } from './options.ts';
import { readPipeline } from './read-pipeline.ts';

/** What an operation is asked to do, every option read and every default filled in. */
export type PictureOperation =
  | {
      readonly does: 'matting';
      readonly subject: 'any' | 'goods' | 'portrait';
      readonly layout: Layout;
    }
  | { readonly does: 'repair'; readonly polygons: readonly Polygon[] | undefined }
  | { readonly does: 'magnify'; readonly times: number }
  | { readonly does: 'colour' }
  | { readonly does: 'enhance'; readonly denoise: number; readonly sharpen: number }
  | {
      readonly does: 'crop';
      readonly width: number;
      readonly height: number;
      readonly exact: boolean;
    };

type Read = (options: Options) => PictureOperation;

const MOST_PADDING = 1000;
const LONGEST_SIDE = 50_000;

const mattingOf =
  (subject: 'any' | 'goods' | 'portrait'): Read =>
  (options) => ({
    does: 'matting',
    subject,
    layout: {
      centre: options.flag('center-layout'),
      padding: options.pair('padding-layout', MOST_PADDING),
    },
  });

const READ: Readonly<Record<string, Read>> = {
  AIPicMatting: mattingOf('any'),
  GoodsMatting: mattingOf('goods'),
  AIPortraitMatting: mattingOf('portrait'),
  ImageRepair: (options) => {
    // A picture wins over polygons where both are given, whatever those may be.
    const encoded = options.text('MaskPic') === undefined ? options.text('MaskPoly') : undefined;
    return { does: 'repair', polygons: encoded === undefined ? undefined : readPolygons(encoded) };
  },
  AISuperResolution: (options) => ({
    does: 'magnify',
    times: options.choice('magnify', [1, 2, 4], 2),
  }),
  AIImageColoring: () => ({ does: 'colour' }),
  AIEnhanceImage: (options) => ({
    does: 'enhance',
    denoise: options.whole('denoise', { or: 3, min: 0, max: 5 }),
    sharpen: options.whole('sharpen', { or: 3, min: 0, max: 5 }),
  }),
  AIImageCrop: (options) => ({
    does: 'crop',
    width: options.whole('width', { min: 1, max: LONGEST_SIDE }),
    height: options.whole('height', { min: 1, max: LONGEST_SIDE }),
    exact: options.flag('fixed'),
  }),
};

/** The only ones that are documented with `ignore-error`; a pipeline says it in its own way. */
const MAY_IGNORE_ERRORS: readonly string[] = ['AIEnhanceImage', 'AIImageCrop'];

export function readOperation(name: string, options: readonly RuleOption[]): PictureOperation {
  const read = Object.hasOwn(READ, name) ? READ[name] : undefined;
  if (!read) throw new OperationError('NotImplemented', `The engine does not have ${name}`);
  return read(new Options(name, options));
}

/** Whether the original bytes are wanted instead of an error. */
export function ignoresErrors(rule: PicRule): boolean {
  switch (rule.kind) {
    case 'ci-process':
      return (
        MAY_IGNORE_ERRORS.includes(rule.operation) &&
        new Options(rule.operation, rule.options).text('ignore-error') === '1'
      );
    case 'pipeline':
      return rule.operations.some(({ arguments: given }) =>
        given.some((text, at) => text === 'ignore-error' && given[at + 1] === '1'),
      );
    case 'style':
      return false;
  }
}

/** Whether an error is one that `ignore-error` is about: what the engine has not, it never has. */
export function canBeIgnored(thrown: unknown): boolean {
  return thrown instanceof OperationError && thrown.code !== 'NotImplemented';
}

/** Refuses a rule for all that is wrong with it whatever the picture is. */
export function checkRule(rule: PicRule): void {
  try {
    if (rule.kind === 'ci-process') readOperation(rule.operation, rule.options);
    else if (rule.kind === 'pipeline') readPipeline(rule.operations);
    else throw new OperationError('NotImplemented', 'The engine does not keep styles');
  } catch (thrown) {
    if (!ignoresErrors(rule) || !canBeIgnored(thrown)) throw thrown;
  }
}
