import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { readXml, writeXml } from './xml.ts';

/** Whether a bucket keeps versions. `suspended` is not `never`: the old versions are still there. */
export type Versioning = 'enabled' | 'suspended' | 'never';

const WIRE = { Enabled: 'enabled', Suspended: 'suspended' } as const;

export function readVersioning(body: Body): Versioning {
  const status = readXml(body, { root: 'VersioningConfiguration' }).text('Status') ?? '';
  if (status === '') return 'never';
  if (status === 'Enabled' || status === 'Suspended') return WIRE[status];
  throw new Fault('XML_UNREADABLE', 'Versioning is neither enabled nor suspended', {
    detail: { status: status.slice(0, 60) },
  });
}

export function writeVersioning(versioning: Versioning): string {
  const status = { enabled: 'Enabled', suspended: 'Suspended', never: undefined }[versioning];
  return writeXml('VersioningConfiguration', [['Status', status]]);
}
