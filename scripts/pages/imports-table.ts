import { MAY_IMPORT } from '../imports.mjs';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';

const SHARED = Object.keys(MAY_IMPORT).filter((area) => area.startsWith('shared/'));

/** The table that `npm run check` holds every import against. */
export function importsTable(): Blocks {
  const rows = Object.entries(MAY_IMPORT).map(([area, places]) => [code(area), sayPlaces(places)]);
  return { imports: table(['Files in', 'may import from'], rows) };
}

function sayPlaces(places: readonly string[]): string {
  if (places.length === 0) return 'nothing';
  if (!SHARED.every((area) => places.includes(area))) return places.map(code).join(', ');
  const others = places.filter((place) => !SHARED.includes(place));
  return ['everything in `shared`', ...others.map(code)].join(', ');
}
