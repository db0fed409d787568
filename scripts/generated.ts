import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesJsonSchema } from '../shared/config/rules-json-schema.ts';
import { CATALOGUE } from '../shared/operations/catalogue.ts';
import { type Blocks, withBlocks } from './pages/blocks.ts';
import { checksPage, checksTable } from './pages/checks-table.ts';
import { commandsPage } from './pages/commands-page.ts';
import { withConsoles } from './pages/consoles.ts';
import { deployPage } from './pages/deploy-page.ts';
import { enginePage } from './pages/engine-page.ts';
import { faultsPage } from './pages/faults-page.ts';
import { importsTable } from './pages/imports-table.ts';
import { operationExamples } from './pages/operation-examples.ts';
import { operationsPage } from './pages/operations-page.ts';
import { permissionsPage } from './pages/permissions-page.ts';
import { recordsTable } from './pages/records-table.ts';
import { rulesTables } from './pages/rules-tables.ts';
import { serverlessFile } from './pages/serverless-file.ts';
import { settingsPage } from './pages/settings-page.ts';
import { skipReasons } from './pages/skip-reasons.ts';

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** Pages whose tables, or what their commands print, come from the code. */
const PAGES: readonly (readonly [path: string, blocks: (root: string) => Blocks])[] = [
  ['README.md', () => ({})],
  ['CONTRIBUTING.md', importsTable],
  ['docs/checks.md', checksPage],
  ['docs/commands.md', commandsPage],
  ['docs/deploy.md', deployPage],
  ['docs/engine.md', enginePage],
  ['docs/faults.md', faultsPage],
  ['docs/functions.md', recordsTable],
  ['docs/operations.md', () => operationsPage()],
  ['docs/permissions.md', permissionsPage],
  [
    'docs/rules.md',
    () => ({ ...rulesTables(), ...checksTable(), ...skipReasons(), ...operationExamples() }),
  ],
  ['docs/settings.md', settingsPage],
];

/** Files that are made from the code and kept beside it. A test compares each with what it would be. */
export async function generatedFiles(root = process.cwd()): Promise<readonly GeneratedFile[]> {
  const schema = {
    path: 'docs/rules.schema.json',
    text: `${JSON.stringify(rulesJsonSchema(CATALOGUE), null, 2)}\n`,
  };
  const files: GeneratedFile[] = [
    schema,
    {
      path: 'serverless.yml',
      text: serverlessFile(readFileSync(join(root, 'rules.yaml'), 'utf8')),
    },
  ];
  for (const [path, blocks] of PAGES) {
    const text = withBlocks(path, readFileSync(join(root, path), 'utf8'), blocks(root));
    files.push({ path, text: await withConsoles(text, root) });
  }
  return files;
}
