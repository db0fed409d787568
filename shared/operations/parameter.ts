/**
 * Parameters are plain data, so that a function need not load a schema library to know them.
 * `config/` makes the schema from the same data, the docs their reference page.
 * `or` is the default; a parameter without one is optional unless it says `required`.
 */
export type Parameter = (
  | { readonly kind: 'flag'; readonly or?: boolean }
  | { readonly kind: 'whole'; readonly min: number; readonly max: number; readonly or?: number }
  | { readonly kind: 'pair'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'choice';
      readonly of: readonly (string | number)[];
      readonly or?: string | number;
    }
  /** `#rrggbb` */
  | { readonly kind: 'colour'; readonly or?: string }
  /** Another object by its key, a text; the key may hold placeholders of the source. */
  | { readonly kind: 'object' }
  /** What to repair: an object by key, an address, or polygons. */
  | { readonly kind: 'mask' }
  /** A text of the service's own grammar, checked by the operation. */
  | { readonly kind: 'text'; readonly maxLength: number }
) & {
  readonly says: string;
  readonly required?: true;
};

/** A point, in pixels from the top left. */
export type Point = readonly [x: number, y: number];

export type MaskValue =
  | { readonly key: string }
  | { readonly url: string }
  | { readonly polygons: readonly (readonly Point[])[] };

export type ParameterValue = boolean | number | string | readonly [number, number] | MaskValue;

/** The parameters of one output as the rules file gives them, defaults filled in. */
export type Parameters = Readonly<Record<string, ParameterValue>>;
