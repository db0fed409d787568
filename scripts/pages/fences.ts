/** A fenced piece of a page. */
export interface Fence {
  readonly language: string;
  /** What stands behind the language: ```` ```yaml wrong ````. */
  readonly about: string;
  readonly text: string;
}

const FENCE = /^```([a-z]+)(?: ([a-z ]+))?\n([\s\S]*?)^```$/gm;

export function fencesIn(page: string): readonly Fence[] {
  return Array.from(page.matchAll(FENCE), ([, language = '', about = '', text = '']) => ({
    language,
    about,
    text,
  }));
}

/** The page with other texts in its fences. */
export async function withFences(
  page: string,
  textFor: (fence: Fence) => Promise<string>,
): Promise<string> {
  let filled = '';
  let from = 0;
  for (const match of page.matchAll(FENCE)) {
    const [whole, language = '', about = '', text = ''] = match;
    const inner = match.index + whole.indexOf('\n') + 1;
    filled += page.slice(from, inner) + (await textFor({ language, about, text }));
    from = inner + text.length;
  }
  return filled + page.slice(from);
}
