import type { Operation } from '../../operations/operation.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { templatesByReference } from '../template-names.ts';
import { type FoundOutput, outputsOf } from './outputs-of.ts';

/** What does not fit into one request costs a second one, or cannot be had at upload at all. */
export function* checkRequests(checked: CheckedFile): Iterable<Finding> {
  const byTemplate = new Map<unknown, FoundOutput[]>();
  for (const found of outputsOf(checked)) {
    if (found.output.as !== 'rule' || found.output.into === undefined) continue;
    const others = byTemplate.get(found.template) ?? [];
    byTemplate.set(found.template, [...others, found]);
  }
  const atUpload = templatesForCallers(checked);
  for (const found of byTemplate.values()) {
    const path = found[0]?.path.slice(0, 3) ?? [];
    const key = String(path[1]);
    const limit = Math.min(...found.map(({ operation }) => operation.rulesPerRequest.cloud));
    if (found.length > limit) {
      const requests = Math.ceil(found.length / limit);
      const message = `${found.length} outputs need ${requests} requests for each object`;
      const hint = `The service takes ${limit} in one`;
      yield { code: 'requests', path, at: 'key', message, hint };
    }
    if (!atUpload.has(key)) continue;
    for (const operation of new Set(found.map((one) => one.operation))) {
      const count = found.filter((one) => one.operation === operation).length;
      if (count <= operation.rulesPerRequest.upload) continue;
      yield { code: 'requests', path, at: 'key', ...tooManyAtUpload(operation, count) };
    }
  }
}

function tooManyAtUpload({ name, rulesPerRequest }: Operation, count: number) {
  return {
    message: `At upload the service takes ${rulesPerRequest.upload} of ${name}, and here are ${count}`,
    hint: 'An upload ticket leaves the rest to be made after the upload',
  };
}

/** Callers can ask for upload tickets. */
function templatesForCallers({ file, names }: CheckedFile): ReadonlySet<string> {
  const keyOf = templatesByReference(names.templates);
  const references = file.http.callers.flatMap(({ templates }) => templates);
  return new Set(references.flatMap((reference) => keyOf.get(reference) ?? []));
}
