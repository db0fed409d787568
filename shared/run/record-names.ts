/** Revisions that were followed by others. They are of no use after days: the bucket may drop them. */
export const RETIRED = 'retired/';
