import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import type { Platform } from '../../src/definition/platform.ts';
import { makeCertificates } from '../../src/environments/containers/certificates.ts';
import { compose, lastLines } from '../../src/environments/containers/compose-command.ts';
import { imageOf } from '../../src/environments/containers/images.ts';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import { componentsOf, hostsOf, listenersOf } from '../../src/environments/containers/layout.ts';
import { plainToolbox } from '../../src/environments/containers/toolbox.ts';
import type { EnvironmentRecord, Running } from '../../src/environments/environment.ts';
import { claimNetwork } from '../../src/environments/machine/network.ts';
import { newSeed, secretsOf } from '../../src/environments/secrets.ts';
import { composeFileOf } from './compose-file.ts';

/** Every image of the platform, by its source; made where the engine does not have it. */
export async function imagesOf(docker: Dockerode, platform: Platform): Promise<ReadonlyMap<string, string>> {
  const images = new Map<string, string>();
  const sources = [
    platform.toolbox?.container ?? plainToolbox,
    ...Object.values(platform.components).flatMap((spec) => ('container' in spec ? [spec.container] : [])),
  ];
  for (const source of sources)
    images.set(JSON.stringify(source), await imageOf(docker, source, platform.baseDir));
  return images;
}

/** From nothing to a platform of which all is ready, by drillbook. @returns ms; `meanwhile` has the platform before it goes */
export async function byDrillbook(
  platform: Platform,
  meanwhile: (running: Running) => Promise<void> = async () => undefined,
): Promise<number> {
  const environment = createContainersEnvironment();
  const reportDir = await mkdtemp(join(tmpdir(), 'drillbook-bench-'));
  const records: EnvironmentRecord[] = [];
  try {
    const from = performance.now();
    const running = await environment.up(platform, {
      runId: `bench-${reportDir.slice(-6).toLowerCase()}`,
      reportDir,
      emit: async (event) => {
        if (event.type === 'environment') records.push(event.record);
      },
    });
    const upMs = performance.now() - from;
    await meanwhile(running);
    return upMs;
  } finally {
    for (const record of records) await environment.down(record);
    await rm(reportDir, { recursive: true, force: true });
  }
}

/** The same platform by `docker compose up --wait`, from a compose file written for it. @returns ms */
export async function byCompose(platform: Platform, images: ReadonlyMap<string, string>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-bench-compose-'));
  const project = `bench-${folder.slice(-6).toLowerCase()}`;
  const network = await claimNetwork(listenersOf(platform), 'distinct');
  const components = componentsOf(platform, project, '10.0.0', network.endpoints);
  const file = join(folder, 'compose.yaml');
  const ofProject = ['--project-name', project, '--file', file];
  await writeFile(
    file,
    composeFileOf({
      layout: {
        ...{
          runId: project,
          runDir: folder,
          reportDir: folder,
          platform,
          loopback: 'distinct',
          prefix: project,
        },
        ...{ subnet: '10.0.0', components, hosts: hostsOf(components) },
      },
      secrets: secretsOf(newSeed()),
      certificates: await makeCertificates(platform.certificates ?? {}, new Date()),
      image: (source) => images.get(JSON.stringify(source)) ?? '',
    }),
  );
  try {
    const from = performance.now();
    const up = await compose([...ofProject, 'up', '--detach', '--wait'], {});
    if (up.exitCode !== 0) throw new Error(`docker compose up failed:\n${lastLines(up.stderr)}`);
    return performance.now() - from;
  } finally {
    await compose([...ofProject, 'down', '--volumes', '--timeout', '1'], {});
    await network.release();
    await rm(folder, { recursive: true, force: true });
  }
}
