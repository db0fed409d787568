import type { XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

/** Whose something is: an appid in object lists, a full `qcs::cam::uin/...` elsewhere. */
export interface Owner {
  readonly id: string;
  readonly displayName?: string | undefined;
}

export function readOwner(node: XmlNode | undefined): Owner | undefined {
  const id = node?.text('ID');
  return id === undefined ? undefined : { id, displayName: node?.text('DisplayName') };
}

export function writeOwner(owner: Owner | undefined): readonly XmlEntry[] | undefined {
  return (
    owner && [
      ['ID', owner.id],
      ['DisplayName', owner.displayName],
    ]
  );
}
