import { randomInt } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type Dockerode from 'dockerode';
import { EnvironmentError } from '../environment.ts';
import { type Layout, measuringNetwork, platformNetwork, runLabel } from './layout.ts';

/** A block that somebody has is mostly that one: another attempt takes another. */
const attempts = 8;

/** Three bytes of a private network for a run, at random: whether it is free is found out by creating it. */
export function randomSubnet(): string {
  return `10.${randomInt(100, 250)}.${randomInt(0, 256)}`;
}

/**
 * The two networks of a run. The platform's is internal (nothing in it reaches the world) and its addresses are fixed.
 * The measuring one leads from the host to published ports, and no container reaches another in it: so what a fault does to
 * the first never touches what is measured through the second.
 * @throws the engine's refusal, as of a subnet that somebody took in this moment
 */
export async function createNetworks(docker: Dockerode, layout: Layout): Promise<void> {
  const { runId, subnet } = layout;
  const Labels = { [runLabel]: runId };
  if (layout.network === undefined)
    await docker.createNetwork({
      Name: platformNetwork(layout),
      Driver: 'bridge',
      Internal: true,
      CheckDuplicate: true,
      Labels,
      IPAM: { Driver: 'default', Config: [{ Subnet: `${subnet}.0/24` }] },
    });
  await docker.createNetwork({
    Name: measuringNetwork(layout),
    Driver: 'bridge',
    CheckDuplicate: true,
    Labels,
    Options: {
      'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.bridge.enable_ip_masquerade': 'false',
    },
  });
}

/** A subnet that none of the engine's networks has. @throws EnvironmentError when none was found */
export async function freeSubnet(docker: Dockerode): Promise<string> {
  const networks = await docker.listNetworks();
  const taken = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).map(({ Subnet = '' }) => Subnet));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const subnet = randomSubnet();
    if (!taken.some((other) => overlaps(subnet, other))) return subnet;
  }
  throw new EnvironmentError(
    `no free network in 10.100.0.0 to 10.249.255.0 after ${attempts} attempts: are there networks of other runs? "drillbook heal" removes them`,
  );
}

/** Whether the /24 of these three bytes and a subnet in CIDR notation have an address in common. */
export function overlaps(subnet: string, other: string): boolean {
  const [address = '', bits = '32'] = other.split('/');
  if (!isIPv4(address)) return false;
  const shared = 2 ** (32 - Math.min(Number(bits), 24));
  return Math.floor(numberOf(`${subnet}.0`) / shared) === Math.floor(numberOf(address) / shared);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
