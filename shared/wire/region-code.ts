/**
 * The short codes COS events name regions by. The last two are the finance zones; a region that is
 * not here has no code we have seen, so that nobody builds a host from a guess.
 */
const CODES: ReadonlyMap<string, string> = new Map([
  ['gz', 'ap-guangzhou'],
  ['sh', 'ap-shanghai'],
  ['bj', 'ap-beijing'],
  ['cd', 'ap-chengdu'],
  ['hk', 'ap-hongkong'],
  ['sg', 'ap-singapore'],
  ['ca', 'na-toronto'],
  ['usw', 'na-siliconvalley'],
  ['shjr', 'ap-shanghai-fsi'],
  ['szjr', 'ap-shenzhen-fsi'],
]);

/** The region as hosts have it, from either of its names; nothing when neither is known. */
export function readRegion(name: string): string | undefined {
  return /^[a-z]{2,4}(?:-[a-z0-9]{1,20}){1,4}$/.test(name) ? name : CODES.get(name);
}

/** The short code of a region, or the region itself when it has none. */
export function writeRegionCode(region: string): string {
  for (const [code, long] of CODES) if (long === region) return code;
  return region;
}
