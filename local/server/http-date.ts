interface Known {
  readonly second: number;
  readonly text: string;
}

const PLACES = 256;
/** Each second in a place that follows from it, so that a newer one takes it over. */
const known: (Known | undefined)[] = new Array(PLACES).fill(undefined);

/** A moment as headers have it. Most requests ask for the moment that is, or that of a few objects. */
export function httpDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  const place = second & (PLACES - 1);
  const found = known[place];
  if (found?.second === second) return found.text;
  const text = new Date(ms).toUTCString();
  known[place] = { second, text };
  return text;
}
