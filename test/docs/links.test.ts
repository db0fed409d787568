import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { PAGES, ROOT, textOf } from './pages.ts';

/** What a heading is called in an address, as code hosts make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(page: string): readonly string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => anchorOf(heading));
}

function brokenLinks(page: string): readonly string[] {
  const links = Array.from(textOf(page).matchAll(/\]\(([^()\s]+)\)/g), ([, to = '']) => to);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.join(posix.dirname(page), path);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
}

test.for(PAGES)('every link of %s leads somewhere', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test('every page is found from the README', () => {
  const readme = textOf('README.md');
  for (const page of PAGES.filter((one) => one !== 'README.md')) expect(readme).toContain(page);
});
