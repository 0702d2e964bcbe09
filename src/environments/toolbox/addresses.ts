import { isIP } from 'node:net';

const ipv4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g;
const ipv6 = /(?<![\w:.-])[0-9a-f:]{3,39}(?![\w:.])/gi;

/**
 * The first address in a text that is not this machine's loopback; null if there is none.
 * A command that names one would leave the replica: names do not resolve outside the platform, but an address needs no resolving.
 */
export function foreignAddress(text: string): string | null {
  const v4 = (text.match(ipv4) ?? []).find((address) => isIP(address) === 4 && !address.startsWith('127.'));
  if (v4 !== undefined) return v4;
  return (text.match(ipv6) ?? []).find((address) => isIP(address) === 6 && !isLoopback(address)) ?? null;
}

function isLoopback(address: string): boolean {
  return /^[0:]*:0*1$/.test(address);
}
