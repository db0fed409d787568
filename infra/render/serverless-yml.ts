import { stringify } from 'yaml';
import type { Model } from '../model.ts';
import { serverlessView } from './serverless-view.ts';

const SAYS = `# The functions and triggers of one region, for the framework's command: scf deploy
# Made from the rules: darkroom deploy render --what serverless-yml
# Roles and the addresses of functions are not among them; darkroom deploy apply makes those as well.
`;

export function serverlessYml(model: Model, region?: string): string {
  return `${SAYS}${stringify(serverlessView(model, region), { lineWidth: 100 })}`;
}
