import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../src/definition/platform.ts';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { Running } from '../../src/environments/environment.ts';
import { engineAvailable } from './engine.ts';

const platform: Platform = {
  platform: 'clients',
  environment: 'containers',
  baseDir: import.meta.dirname,
  components: { idle: { container: { image: 'debian:trixie-slim' }, command: ['sleep', '1000'] } },
  tools: {
    say: { program: 'echo', arguments: ['at', `\${toolbox.home}`] },
    // A client of the tool's own name, which must not call itself.
    uname: { arguments: ['-s'] },
    nowhere: { program: 'no-such-client' },
    hostname: 'system',
  },
};

describe.runIf(engineAvailable)('a real client in the toolbox', () => {
  const environment = createContainersEnvironment();
  let folder: string;
  let running: Running;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drillbook-clients-'));
    const site = {
      runId: `clients-${folder.slice(-6).toLowerCase()}`,
      reportDir: folder,
      emit: async () => {},
    };
    running = await environment.up(platform, site);
  }, 60_000);
  afterAll(async () => {
    expect(await environment.down(running.record)).toEqual([]);
    await rm(folder, { recursive: true });
  }, 60_000);

  const run = (command: string) => running.exec(command, { session: 's', timeoutMs: 20_000 });

  it('may have another name than the tool, and gets its arguments last', async () => {
    expect(await run('say "two  words"')).toMatchObject({ exitCode: 0, stdout: 'two  words at /root\n' });
  });

  it('may have the name of the tool', async () => {
    expect(await run('uname')).toMatchObject({ exitCode: 0, stdout: 'Linux\n' });
  });

  it('that the image does not have is said to be missing', async () => {
    expect((await run('nowhere')).notRun).toMatchObject({
      why: 'tool-missing',
      reason: 'nowhere is not in the container: its image does not have it',
    });
  });
});
