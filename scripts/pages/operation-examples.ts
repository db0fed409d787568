import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import type { Blocks } from './blocks.ts';
import { fence } from './markdown.ts';

/** A rules file for one operation, and what to ask its plan for. */
interface OperationExample {
  readonly says: string;
  readonly rules: string;
  /** What stands behind `npx darkroom plan`. */
  readonly asks: string;
}

/** One for each operation of the catalogue. */
const EXAMPLES: Readonly<Record<string, OperationExample>> = {
  'generic-matting': {
    says: 'Whatever the picture shows, without its background, beside the source.',
    rules: `templates:
  subject@1:
    outputs:
      - operation: generic-matting
        with: { padding: [40, 40] }
        into: subjects/{dir}/{name}.png
rules:
  - name: uploads
    when: { prefix: uploads/, contentType: image/* }
    use: subject`,
    asks: 'uploads/anna/teapot.jpg',
  },
  'goods-matting': {
    says: 'The product in the middle of its picture, and a small one of it, in one request. Both read the source; no output reads another.',
    rules: `templates:
  product@1:
    outputs:
      - operation: goods-matting
        with: { centre: true, padding: [20, 20] }
        into: shop/{dir}/{stem}.png
      - operation: picture
        with: { pipeline: imageMogr2/thumbnail/200x }
        into: shop/small/{dir}/{name}
rules:
  - name: products
    when: { prefix: products/, suffix: .jpg, exclude: '**/draft-*' }
    use: product
prices: { goods-matting: 0.1 }`,
    asks: 'products/mug.jpg products/draft-mug.jpg',
  },
  'portrait-matting': {
    says: 'People without their background. An object whose metadata says `keep-background` is left alone.',
    rules: `templates:
  portrait@1:
    outputs:
      - operation: portrait-matting
        into: cutouts/{template}-{version}/{dir}/{stem}.png
rules:
  - name: staff
    when:
      prefix: staff/
      suffix: .jpg
      unlessMetadata: keep-background
    use: portrait`,
    asks: '--meta keep-background=yes staff/lee.jpg',
  },
  'image-repair': {
    says: 'What the mask covers is painted over: whatever is white in it, a picture of the same name in another folder. An object may bring a mask of its own.',
    rules: `templates:
  clean@1:
    outputs:
      - operation: image-repair
        with: { mask: { key: 'masks/{stem}.png' } }
        into: clean/{dir}/{stem}.png
rules:
  - name: watermarked
    when: { prefix: incoming/, suffix: .jpg }
    use: clean
    allow: mask`,
    asks: '--meta darkroom-mask=masks/logo.png incoming/beach.jpg',
  },
  'super-resolution': {
    says: 'Four times as wide and high, for pictures that are small. Where that fails, nothing else is tried.',
    rules: `templates:
  large@1:
    outputs:
      - operation: super-resolution
        with: { magnify: 4 }
        into: large/{dir}/{name}
        whenItFails: ignore
rules:
  - name: thumbnails
    when: { prefix: old-shop/, maxBytes: 500000 }
    use: large`,
    asks: '--size 41000 old-shop/12.jpg',
  },
  colouring: {
    says: 'Colours for what was scanned in black and white, written to another bucket.',
    rules: `templates:
  coloured@1:
    outputs:
      - operation: colouring
        into: { bucket: archive, key: 'coloured/{dir}/{name}' }
rules:
  - name: scans
    when: { include: 'scans/19*/**/*.{jpg,png}' }
    use: coloured`,
    asks: 'scans/1962/june/harbour.jpg scans/2004/june/harbour.jpg',
  },
  enhance: {
    says: 'Less noise, and sharp. Where the service cannot, it stores the picture as it is.',
    rules: `templates:
  sharp@1:
    outputs:
      - operation: enhance
        with: { denoise: 4, sharpen: 2 }
        into: sharp/{dir}/{name}
        whenItFails: original
rules:
  - name: phone-pictures
    when: { prefix: phones/, minBytes: 20000 }
    use: sharp`,
    asks: 'phones/2041.jpg',
  },
  'smart-crop': {
    says: 'A square around what matters, made anew at each download: nothing is written.',
    rules: `templates:
  square@1:
    outputs:
      - operation: smart-crop
        with: { width: 1, height: 1 }
        store: false
rules:
  - name: avatars
    when: { prefix: avatars/ }
    use: square`,
    asks: 'avatars/lee.png',
  },
  picture: {
    says: 'Anything that the picture pipeline of the service can do, in its own words. Here the result takes the place of the source, which has to be said.',
    rules: `templates:
  upright@1:
    outputs:
      - operation: picture
        with: { pipeline: imageMogr2/auto-orient/strip }
        into: '{dir}/{name}'
        replaceSource: true
rules:
  - name: camera
    when: { prefix: camera/, suffix: .jpg }
    use: upright`,
    asks: 'camera/dsc_0001.jpg',
  },
  'segment-video-body': {
    says: 'The people of a video before another background. A video takes its time, so it is always a job.',
    rules: `templates:
  studio@1:
    outputs:
      - operation: segment-video-body
        with: { mode: combination, background: 'backgrounds/beach.jpg' }
        into: actors/{dir}/{stem}.mp4
        job: { level: 1, callbackFormat: JSON }
rules:
  - name: clips
    when: { prefix: clips/, suffix: .mp4 }
    use: studio`,
    asks: 'clips/hello.mp4',
  },
};

/** A rules file for each operation, and the command that shows its plan. */
export function operationExamples(catalogue: readonly Operation[] = CATALOGUE): Blocks {
  const sections = catalogue.map(({ name }) => {
    const example = Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;
    if (!example) throw new Error(`scripts/pages/operation-examples.ts has none for "${name}"`);
    const { says, rules, asks } = example;
    const command = `$ npx darkroom plan ${asks}`;
    return `### Example: ${name}\n\n${says}\n\n${fence('yaml', rules)}\n\n${fence('console', command)}`;
  });
  return { examples: sections.join('\n\n') };
}
