import type { MaskValue, ParameterValue } from '../../operations/parameter.ts';
import type { CheckedFile } from '../checked-file.ts';
import { isPrivateHost } from '../private-host.ts';
import { type Finding, type Path, quoted } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** Hosts that the service is to fetch from are public ones. */
export function* checkHosts(checked: CheckedFile): Iterable<Finding> {
  for (const [index, source] of checked.rules.http.sources.entries()) {
    const host = source.replace(/^\*\./, '');
    yield* hostFindings(host, ['http', 'sources', index]);
  }
  for (const { path, output, operation } of outputsOf(checked)) {
    for (const [name, { kind }] of Object.entries(operation.parameters)) {
      const value = output.parameters[name];
      if (kind !== 'mask' || !isAddress(value)) continue;
      yield* hostFindings(new URL(value.url).host, [...path, 'with', name, 'url']);
    }
  }
}

function isAddress(
  value: ParameterValue | undefined,
): value is Extract<MaskValue, { url: string }> {
  return typeof value === 'object' && 'url' in value && URL.canParse(value.url);
}

function* hostFindings(host: string, path: Path): Iterable<Finding> {
  if (!URL.canParse(`http://${host}/`)) {
    yield { code: 'wrong-value', path, message: `${quoted(host)} is no host` };
  } else if (isPrivateHost(host)) {
    const message = `${quoted(host)} is a private address, which the service must not be led to`;
    yield { code: 'private-host', path, message };
  }
}
