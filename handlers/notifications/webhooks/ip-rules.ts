import ipaddr from 'ipaddr.js';

/**
 * Whether an address is one of the public Internet. Everything else is refused: private (RFC 1918, RFC 4193), loopback,
 * link-local with the metadata services of clouds, carrier-grade NAT (RFC 6598), multicast, documentation and the rest of
 * the special-purpose registries (IANA, RFC 6890), and what wraps an IPv4 address into IPv6 (mapped and compatible ones are
 * judged by what they wrap; NAT64, 6to4 and Teredo are refused as they are).
 */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
