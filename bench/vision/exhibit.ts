/** One row of the gallery. */
export interface Exhibit {
  readonly title: string;
  /** In words and numbers. */
  readonly score: string;
  readonly views: readonly { readonly label: string; readonly png: Buffer }[];
}
