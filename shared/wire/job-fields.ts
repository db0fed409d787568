import type { XmlNode } from './xml-node.ts';

/**
 * A parameter of a job as it was sent: text, or parameters of its own. Order and repetition are
 * kept, so that a record can show the parameters of operations nobody here knows.
 */
type JobField = readonly [name: string, value: string | readonly JobField[]];
export type JobFields = readonly JobField[];

export function readJobFields(nodes: readonly XmlNode[]): JobFields {
  return nodes.map((node) => [
    node.name,
    node.elements.length === 0 ? node.value : readJobFields(node.elements),
  ]);
}

/** The parameters inside the container of that name; nothing when it was not sent. */
export function fieldsIn(fields: JobFields, container: string): JobFields | undefined {
  const found = fields.find(([name]) => name === container);
  if (!found) return undefined;
  return typeof found[1] === 'string' ? [] : found[1];
}

/** The text of a parameter; what is empty counts as absent, like everywhere in the service. */
export function fieldText(fields: JobFields, name: string): string | undefined {
  const value = fields.find((field) => field[0] === name)?.[1];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
