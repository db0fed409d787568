/** First and last address of what is not reachable from, or not meant for, the public network. */
const PRIVATE_V4: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'], // the metadata of virtual machines is here
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '255.255.255.255'],
];

const PRIVATE_NAMES =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|tencentyun\.com)$/;

/**
 * Whether a host is private by its name or number. `0x7f.1` and `2130706433` are 127.0.0.1 too, and
 * the address parser knows all such spellings. What a public name resolves to is not known here.
 */
export function isPrivateHost(host: string): boolean {
  const url = `http://${host}/`;
  if (!URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/\.$/, '');
  if (name.startsWith('[')) return isPrivateV6(name.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return isPrivateV4(numberOf(name));
  return !name.includes('.') || PRIVATE_NAMES.test(name);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function isPrivateV4(address: number): boolean {
  return PRIVATE_V4.some(([from, to]) => address >= numberOf(from) && address <= numberOf(to));
}

/** The address parser has shortened it already: `::1`, `fd00::1`, `::ffff:7f00:1`. */
function isPrivateV6(address: string): boolean {
  const carried = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (carried) {
    const [, high = '', low = ''] = carried;
    return isPrivateV4(Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16));
  }
  return /^(?:::|f[cd]|fe[89ab]|ff)/.test(address);
}
