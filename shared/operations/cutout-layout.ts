import type { Values } from './define-operation.ts';
import type { Parameter } from './parameter.ts';

/** Where a cut-out stands in its picture: the same for everything that cuts out. */
export const CUTOUT_LAYOUT = {
  centre: {
    kind: 'flag',
    or: false,
    says: 'Moves what was cut out to the middle of the picture.',
  },
  padding: {
    kind: 'pair',
    min: 0,
    max: 1000,
    says: 'Adds room around it, in pixels: left and right, then top and bottom.',
  },
} as const satisfies Readonly<Record<string, Parameter>>;

export function layoutOptions({ centre, padding }: Values<typeof CUTOUT_LAYOUT>) {
  return {
    'center-layout': centre ? 1 : undefined,
    'padding-layout': padding?.join('x'),
  };
}
