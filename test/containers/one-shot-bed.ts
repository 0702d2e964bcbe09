import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../../src/environments/containers/certificates.ts';
import { takeDown } from '../../src/environments/containers/down.ts';
import { engine } from '../../src/environments/containers/engine.ts';
import { type Layout, prefixOf, runLabel } from '../../src/environments/containers/layout.ts';
import { createNetworks, freeSubnet } from '../../src/environments/containers/networks.ts';
import { oneShotsOf } from '../../src/environments/containers/one-shots.ts';
import { containersRun } from '../../src/environments/containers/run.ts';
import { runFolderOf } from '../../src/environments/containers/run-folder.ts';
import type { OneShots } from '../../src/environments/environment.ts';
import { newSeed } from '../../src/environments/secrets.ts';
import { platformOf } from './platforms.ts';

export interface OneShotBed extends OneShots {
  /** Address of this machine in the network that they are in. */
  readonly gateway: string;
  /** Containers that are still there. */
  left(): Promise<readonly string[]>;
  /** @throws when something of it stays */
  stop(): Promise<void>;
}

/** The one-shots of the containers environment, in the networks of a platform without components. */
export async function startOneShots(name: string): Promise<OneShotBed> {
  const { docker } = await engine();
  const reportDir = await mkdtemp(join(tmpdir(), `${name}-`));
  const runId = `${name}-${reportDir.slice(-6).toLowerCase()}`;
  const prefix = prefixOf(runId);
  const layout: Layout = {
    ...{ runId, reportDir, prefix, runDir: runFolderOf(prefix), subnet: await freeSubnet(docker) },
    ...{ platform: platformOf({}), loopback: 'distinct', components: [], hosts: {} },
  };
  await createNetworks(docker, layout);
  const certificates = await makeCertificates({}, new Date());
  const { run } = oneShotsOf(containersRun(docker, { layout, seed: newSeed(), certificates }));
  const { runDir, subnet } = layout;
  return {
    run,
    gateway: `${subnet}.1`,
    async left() {
      const filters = { label: [`${runLabel}=${runId}`] };
      return (await docker.listContainers({ all: true, filters })).map(({ Names }) => Names.join());
    },
    async stop() {
      const left = await takeDown({ environment: 'containers', runId, runDir, details: { reportDir } });
      await rm(reportDir, { recursive: true });
      if (left.length > 0) throw new Error(`left: ${left.join(', ')}`);
    },
  };
}
