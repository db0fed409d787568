/** Nobody misspells more than this, and comparing takes the product of two lengths. */
const LONGEST = 64;

/** The known name that was probably meant, or nothing where none is near. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > LONGEST) return undefined;
  const mostChanges = Math.max(1, Math.min(3, Math.floor(given.length / 3)));

  let nearest: string | undefined;
  let fewest = mostChanges + 1;
  for (const name of known) {
    if (Math.abs(name.length - given.length) >= fewest) continue;
    const changes = changesBetween(given.toLowerCase(), name.toLowerCase());
    if (changes >= fewest) continue;
    fewest = changes;
    nearest = name;
  }
  return nearest;
}

/** Letters added, dropped, replaced, or swapped with their neighbour to make one word the other. */
function changesBetween(one: string, other: string): number {
  let twoAbove: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const here = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      here.push(
        Math.min(
          at(above, column) + 1,
          at(here, column - 1) + 1,
          at(above, column - 1) + (same ? 0 : 1),
          swapped ? at(twoAbove, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    twoAbove = above;
    above = here;
  }
  return at(above, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
