import type { Places } from '../../shared/plan/places.ts';
import { RECORD_FOLDERS } from '../../shared/plan/record-folders.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * The rules by which a bucket drops records that are over. A person adds them to what the bucket has:
 * whoever writes such rules writes all of them, and so would take away what others set.
 */
export function lifecycleXml({ prefix }: Pick<Places['state'], 'prefix'>): string {
  const rules = Object.entries(RECORD_FOLDERS).flatMap(([folder, { holds, ...how }]) => {
    if (!('days' in how)) return [];
    const place = `${prefix}${folder}/`.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);
    return [
      '  <Rule>',
      `    <!-- ${holds} -->`,
      `    <ID>darkroom-${folder}</ID>`,
      `    <Filter><Prefix>${place}</Prefix></Filter>`,
      '    <Status>Enabled</Status>',
      `    <Expiration><Days>${how.days}</Days></Expiration>`,
      '  </Rule>',
    ];
  });
  return ['<LifecycleConfiguration>', ...rules, '</LifecycleConfiguration>'].join('\n');
}
