import { SETTINGS } from '../../shared/config/setting-names.ts';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';

export function settingsPage(): Blocks {
  const rows = Object.entries(SETTINGS).map(([name, setting]) => [
    code(name),
    [...('required' in setting ? ['needed'] : []), ...('secret' in setting ? ['secret'] : [])].join(
      ', ',
    ),
    setting.means,
    setting.example,
  ]);
  return { settings: table(['Variable', '', 'What it says', 'Example'], rows) };
}
