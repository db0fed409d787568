import { defineCommand } from './command.ts';
import { RULES_FLAG, readRulesFile } from './rules-file.ts';

export const check = defineCommand({
  name: 'check',
  summary: 'Reads a rules file and says everything that is wrong with it',
  flags: { rules: RULES_FLAG },
  async run({ rules: file }, _args, io) {
    const read = await readRulesFile(file, io);
    if (!read) return 1;
    const { templates, rules } = read.rules;
    const warned = read.warnings > 0 ? `, ${read.warnings} warnings` : '';
    io.out(`${file}: ${templates.length} templates, ${rules.length} rules, ready${warned}`);
    return 0;
  },
});
