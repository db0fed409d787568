import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { darkroomSays } from './darkroom-says.ts';
import { type Fence, withFences } from './fences.ts';
import { fileOf, wholeRules } from './snippet-rules.ts';

/**
 * A page with what its commands print. They run in a folder that holds the sample rules, and every
 * rules file that the page showed before, under the name that its first line says.
 */
export async function withConsoles(page: string, root: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-page-'));
  try {
    copyFileSync(join(root, 'rules.yaml'), join(folder, 'rules.yaml'));
    return await withFences(page, (fence) => contentOf(fence, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function contentOf({ language, text }: Fence, folder: string): Promise<string> {
  if (language === 'yaml') {
    const file = join(folder, fileOf(text));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wholeRules(text));
  }
  if (language !== 'console') return text;
  const said: string[] = [];
  for (const [, line = ''] of text.matchAll(/^\$ (.+)$/gm)) {
    const { printed } = await darkroomSays(line, folder);
    said.push(`$ ${line}\n${printed}\n`);
  }
  return said.join('\n');
}
