import type Dockerode from 'dockerode';
import { runLabel } from '../containers/layout.ts';

/** Addresses of containers beside the clusters are fixed and lie below; the engine gives those from here on to nodes. */
const firstOfNodes = 192;

export function clusterNetwork(prefix: string): string {
  return `${prefix}-clusters`;
}

/**
 * The one network of clusters and of what is beside them. Nodes need a way out to be told of (kubeadm looks for one), and
 * nothing comes back by it: addresses are not translated, so that nobody outside can answer.
 * @param subnet three bytes
 * @throws the engine's refusal
 */
export async function createClusterNetwork(
  docker: Dockerode,
  name: string,
  subnet: string,
  labels: { readonly [label: string]: string },
): Promise<void> {
  await docker.createNetwork({
    Name: name,
    Driver: 'bridge',
    CheckDuplicate: true,
    Labels: labels,
    IPAM: {
      Driver: 'default',
      Config: [{ Subnet: `${subnet}.0/24`, IPRange: `${subnet}.${firstOfNodes}/26` }],
    },
    Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
  });
}

export function labelsOfRun(runId: string): { readonly [label: string]: string } {
  return { [runLabel]: runId };
}
