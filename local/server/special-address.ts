import { BlockList, isIP } from 'node:net';

/** Everything in IPv4 that is not somebody's address in the public network. */
const SPECIAL_V4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8], // this machine
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // behind a provider's NAT, and the metadata of some clouds
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and the metadata of most clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation, as the two below
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4],
];

/** What of the public part of IPv6 is not, or hides an IPv4 address. */
const SPECIAL_V6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23], // protocols, Teredo among them
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
];

const special = new BlockList();
for (const [network, bits] of SPECIAL_V4) special.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of SPECIAL_V6) special.addSubnet(network, bits, 'ipv6');

const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

const mappedV4 = new BlockList();
mappedV4.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Whether an address is anything but one of the public network; so is what is no address at all. */
export function isSpecialAddress(address: string): boolean {
  const [bare = ''] = address.split('%', 1);
  switch (isIP(bare)) {
    case 4:
      return special.check(bare, 'ipv4');
    case 6: {
      // The list finds an IPv4 address in its IPv6 form by itself.
      const mayBePublic = mappedV4.check(bare, 'ipv6') || publicV6.check(bare, 'ipv6');
      return !mayBePublic || special.check(bare, 'ipv6');
    }
    default:
      return true;
  }
}
