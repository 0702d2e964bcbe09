import { type Platform, platform as platformFile } from '../../definition/platform.ts';
import { secretsOf } from '../secrets.ts';
import { componentsOf, hostsOf, type Layout, listenersOf } from './layout.ts';
import type { ContainersRun } from './run.ts';

/** A platform file's components as a run sees them before anything is created; port N of the k-th listener is at 127.9.9.(10 + k). */
export function testLayout(components: object, more: object = {}): Layout {
  const platform: Platform = {
    ...platformFile.parse({ platform: 'test', environment: 'containers', components, ...more }),
    baseDir: '/platforms',
  };
  const endpoints = new Map(
    listenersOf(platform).map(({ instance, port }, k) => [
      instance,
      { address: `127.9.9.${10 + k}`, port: port ?? 0 },
    ]),
  );
  const laidOut = componentsOf(platform, 'drillbook-test', '10.100.7', endpoints);
  return {
    ...{ runId: 'run', runDir: '/run', reportDir: '/report', platform, loopback: 'distinct' },
    ...{
      prefix: 'drillbook-test',
      subnet: '10.100.7',

      components: laidOut,
      hosts: hostsOf(laidOut),
    },
  };
}

/** What filling in texts and finding names needs of a run. */
export function testRun(
  components: object,
  more: object = {},
): Pick<ContainersRun, 'layout' | 'secrets' | 'certificates'> {
  return {
    layout: testLayout(components, more),
    secrets: secretsOf('0'.repeat(64)),
    certificates: { ca: 'CA', certificates: { edge: 'EDGE' } },
  };
}

export const database = {
  container: { image: 'postgres' },
  members: ['db-primary', 'db-replica-1'],
  names: ['db'],
  aliases: { 'db-replica': 'db-replica-1' },
  port: 5432,
  ports: [8008],
  speaks: {
    postgresql: {
      ...{ database: 'app', user: 'app', password: '${secret.app}' },
      ...{ 'admin-user': 'postgres', 'admin-password': '${secret.admin}' },
    },
  },
};
export const api = { container: { image: 'api' }, host: 'api.example.com', port: 8080 };
