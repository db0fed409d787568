import { expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/generated.ts';
import { withBlocks } from '../../scripts/pages/blocks.ts';
import { ROOT, textOf } from './pages.ts';

const files = await generatedFiles(ROOT);

test.for(files.map(({ path, text }) => [path, text] as const))(
  '%s is what npm run generate would write',
  ([path, text]) => {
    expect(textOf(path)).toBe(text);
  },
);

const page = 'Before.\n<!-- from the code: faults -->\nold\n<!-- end -->\nBehind.\n';

test('the words around a block stay as they were written', () => {
  expect(withBlocks('page.md', page, { faults: 'new' })).toBe(page.replace('old', 'new'));
});

test('a block that nothing makes, or that no page shows, is noticed', () => {
  expect(() => withBlocks('page.md', page, {})).toThrow('page.md has a block "faults"');
  expect(() => withBlocks('page.md', page, { faults: '', skips: '' })).toThrow(
    'page.md has no block "skips"',
  );
});
