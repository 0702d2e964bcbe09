import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import { describe, expect, it } from 'vitest';
import { takeDown } from '../../src/environments/containers/down.ts';
import { prefixOf, runLabel } from '../../src/environments/containers/layout.ts';
import { engineAvailable } from './engine.ts';
import { nodeImage } from './platforms.ts';

const docker = new Dockerode();
const runId = `foreign-${process.pid}`;
const prefix = prefixOf(runId);

const container = (name: string, Labels: { [label: string]: string }) =>
  docker.createContainer({ name: `${prefix}-${name}`, Image: nodeImage.image, Labels });

describe.runIf(engineAvailable)('taking a run down', () => {
  it("removes what has its label, and nothing of another project's or run's, whatever it is called", async () => {
    const compose = { 'com.docker.compose.project': 'shop' };
    const foreign = await Promise.all([
      container('shop', compose),
      container('other', { [runLabel]: `${runId}-other` }),
      docker.createNetwork({ Name: `${prefix}-platform`, Labels: compose }),
      docker.createVolume({ Name: `${prefix}-data`, Labels: compose }),
    ]);
    const own = await container('own', { [runLabel]: runId });
    try {
      const runDir = join(tmpdir(), prefix);
      const details = { reportDir: join(tmpdir(), `${prefix}-report`) };
      expect(await takeDown({ environment: 'containers', runId, runDir, details })).toEqual([]);
      for (const each of foreign) await each.inspect();
      await expect(own.inspect()).rejects.toMatchObject({ statusCode: 404 });
    } finally {
      for (const each of foreign) await each.remove();
    }
  });
});
