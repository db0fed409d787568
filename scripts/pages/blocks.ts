/** The parts of a page that are made from the code, by their names. */
export type Blocks = Readonly<Record<string, string>>;

const BLOCK = /<!-- from the code: ([a-z-]+) -->\n[\s\S]*?<!-- end -->/g;

/**
 * A page with its blocks made anew. The words around them are written by hand. A block that nobody
 * makes is an error, and so is one that the page does not show.
 */
export function withBlocks(page: string, text: string, blocks: Blocks): string {
  const shown = new Set<string>();
  const filled = text.replaceAll(BLOCK, (_, name: string) => {
    const made = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
    if (made === undefined) throw new Error(`${page} has a block "${name}" that nothing makes`);
    shown.add(name);
    return `<!-- from the code: ${name} -->\n${made}\n<!-- end -->`;
  });
  const missing = Object.keys(blocks).filter((name) => !shown.has(name));
  if (missing.length > 0) throw new Error(`${page} has no block "${missing.join('", "')}"`);
  return filled;
}
