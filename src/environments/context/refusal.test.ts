import { describe, expect, it } from 'vitest';
import { recordedRun } from '../../../test/conformance/recorded-site.ts';
import { type PlannedTarget, targetsOf } from '../../definition/plan-targets.ts';
import { TargetRefusedError } from '../environment.ts';
import { createContextEnvironment } from './index.ts';
import { refuseTargets } from './refusal.ts';
import { folderWith, kubeconfig, stagingPlatform, token } from './testing.ts';

const server = 'https://10.0.0.1:6443';
const allowed = { 'allow-targets': ['staging-eu'] };

/** As a plan has them. */
function targetsIn(platform: Parameters<typeof targetsOf>[0]): readonly PlannedTarget[] {
  return targetsOf(platform, (path) => `platforms/staging.yaml:${path.at(-1) === 'context' ? 7 : 1}`);
}

async function refusal(cluster: object, more: object, confirmed: readonly string[]): Promise<unknown> {
  await using files = await folderWith({ config: kubeconfig(server) });
  const platform = stagingPlatform({ kubeconfig: files.at('config'), ...cluster }, more);
  return refuseTargets({ platform, targets: targetsIn(platform), confirmed }).then(
    () => null,
    (error: unknown) => error,
  );
}

describe('an existing cluster', () => {
  it('may be broken when platform file, kubeconfig and command line all say so', async () => {
    expect(await refusal({ server }, allowed, ['other', 'staging-eu'])).toBeNull();
  });

  it('is refused with what would be touched and the lines that would allow it', async () => {
    const refused = await refusal({}, {}, []);
    expect(refused).toBeInstanceOf(TargetRefusedError);
    expect(
      (refused as Error).message,
    ).toBe(`platforms/staging.yaml:7: refused: it breaks what is there already, and that is not allowed:
  - "allow-targets" does not name it
  - the platform file does not say which server it is
  - the command line does not confirm it
what it would touch:
  context    staging-eu
  server     ${server}
  namespace  shop
what would allow it, all of it:
  - platforms/staging.yaml:1, at the top level:
      allow-targets: [staging-eu]
  - platforms/staging.yaml:1, in "kubernetes":
      server: ${server}
  - on the command line:
      --confirm-target staging-eu`);
  });

  it.each([
    [
      'the platform file does not allow it',
      { server },
      {},
      ['staging-eu'],
      '"allow-targets" does not name it',
    ],
    [
      'the platform file allows another one',
      { server },
      { 'allow-targets': ['staging-e', 'staging-eu2'] },
      ['staging-eu'],
      '"allow-targets" does not name it',
    ],
    ['the command line does not confirm it', { server }, allowed, [], 'the command line does not confirm it'],
    [
      'the command line confirms another one',
      { server },
      allowed,
      ['staging', 'production'],
      'the command line does not confirm it',
    ],
    [
      'the platform file names no server',
      {},
      allowed,
      ['staging-eu'],
      'the platform file does not say which server it is',
    ],
    [
      'its server has changed',
      { server: 'https://10.0.0.9:6443' },
      allowed,
      ['staging-eu'],
      'its server is another one than the platform file says (https://10.0.0.9:6443)',
    ],
    [
      'no kubeconfig has it',
      { server, kubeconfig: '/nowhere' },
      allowed,
      ['staging-eu'],
      'there is no context staging-eu in /nowhere; there are: none',
    ],
  ] as const)('is refused when %s', async (_when, cluster, more, confirmed, why) => {
    const refused = (await refusal(cluster, more, confirmed)) as Error;
    expect(refused).toBeInstanceOf(TargetRefusedError);
    expect(refused.message).toContain(`\n  - ${why}\n`);
    expect(refused.message.match(/^ {2}- /gm)).toHaveLength(2);
    expect(refused.message).not.toContain(token);
  });

  it('is refused by the environment itself, too, before it emits or asks anything', async () => {
    await using files = await folderWith({ config: kubeconfig(server) });
    const platform = stagingPlatform({ server, kubeconfig: files.at('config') }, allowed);
    const site = recordedRun('refused', files.at('report'));
    await expect(createContextEnvironment().up(platform, site)).rejects.toThrow(TargetRefusedError);
    const unallowed = stagingPlatform({ server, kubeconfig: files.at('config') });
    await expect(
      createContextEnvironment().up(unallowed, { ...site, confirmed: ['staging-eu'] }),
    ).rejects.toThrow('"allow-targets" does not name it');
    expect(site.events).toEqual([]);
  });

  it('is not even asked by a check where the platform file does not allow it', async () => {
    let asked = 0;
    const { createServer } = await import('node:http');
    const api = createServer((_, response) => {
      asked++;
      response.writeHead(404).end('{}');
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(api.address() as { port: number }).port}`;
    await using files = await folderWith({ config: kubeconfig(url) });
    const cluster = { server: url, kubeconfig: files.at('config') };
    const [problem] = await createContextEnvironment().check(stagingPlatform(cluster));
    expect(problem?.what).toContain('"allow-targets" does not name it');
    expect(asked).toBe(0);
    const [next] = await createContextEnvironment().check(stagingPlatform(cluster, allowed));
    expect(next?.what).toContain('has no namespace shop');
    expect(asked).toBeGreaterThan(0);
    api.closeAllConnections();
    api.close();
  });
});
