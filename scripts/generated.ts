import { rulesJsonSchema } from '../shared/config/rules-json-schema.ts';
import { CATALOGUE } from '../shared/operations/catalogue.ts';

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** Files that are made from the code and kept beside it. A test compares each with what it would be. */
export function generatedFiles(): readonly GeneratedFile[] {
  return [
    {
      path: 'docs/rules.schema.json',
      text: `${JSON.stringify(rulesJsonSchema(CATALOGUE), null, 2)}\n`,
    },
  ];
}
