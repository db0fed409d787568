import { nearestName } from '../operations/nearest-name.ts';
import { quoted } from './problem.ts';

/** More names than this are a wall and no hint. */
const MOST_NAMES = 12;

/** Which of the known names was probably meant, or which there are. */
export function hintFor(word: string, known: readonly string[]): string {
  const nearest = nearestName(word, known);
  if (nearest !== undefined) return `Did you mean ${quoted(nearest)}?`;
  if (known.length === 0) return 'There is none';
  const more = known.length - MOST_NAMES;
  const names = known.slice(0, MOST_NAMES).join(', ');
  return `There is ${names}${more > 0 ? ` and ${more} more` : ''}`;
}
