import { readFile } from 'node:fs/promises';
import type { Platform } from '../../definition/platform.ts';
import type { Problem } from '../environment.ts';
import { type Loopback, whyPortTaken } from '../machine/network.ts';
import { problemsOrRefusal } from '../problems.ts';
import { switchedNames } from '../switched-names.ts';
import { missingPrograms, toolNotes } from '../toolbox/toolbox.ts';
import { type Account, unprivilegedAccount, userHasName } from './account.ts';
import { refuseCyclesOf } from './components.ts';
import { componentsOf, listenersOf } from './layout.ts';
import { installedPostgresql, missingPackage } from './postgresql/binaries.ts';
import { baseForRuns } from './run-folder.ts';

/** What keeps this platform from running on this machine. Changes nothing. */
export async function checkPlatform(
  platform: Platform,
  loopback: Loopback,
  notes = false,
): Promise<readonly Problem[]> {
  return problemsOrRefusal(async () => {
    const account = await unprivilegedAccount();
    await baseForRuns(account);
    refuseCyclesOf(
      componentsOf(
        platform,
        new Map(listenersOf(platform).map(({ instance }) => [instance, { address: '', port: 0 }])),
        account,
      ),
    );
    return [
      ...(hasCluster(platform) ? await postgresqlProblems() : []),
      ...(loopback === 'distinct' ? await portProblems(platform, account) : switchedNames(platform)),
      ...(await missingPrograms(platform.tools ?? {}, platform.baseDir)),
      ...(notes ? await toolNotes(platform.tools ?? {}, account, platform.baseDir) : []),
    ];
  });
}

function hasCluster(platform: Platform): boolean {
  return Object.values(platform.components).some((component) => 'postgresql' in component);
}

async function postgresqlProblems(): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  if ((await installedPostgresql()) === null) problems.push({ what: missingPackage(), todo: 'npm ci' });
  if (!userHasName()) {
    problems.push({
      what: 'the user that drillbook runs as has no name, which initdb needs',
      todo: 'add a line for it to /etc/passwd, or run as another user',
    });
  }
  return problems;
}

/** Any address of the loopback network shows whether somebody has the port on all of them. */
async function portProblems(platform: Platform, account: Account | null): Promise<readonly Problem[]> {
  const lowest = await lowestOpenPort(account);
  const problems: Problem[] = [];
  for (const { instance, port } of listenersOf(platform)) {
    if (port === null) continue;
    if (port < lowest) {
      const todo = `give ${instance} a port from ${lowest} on, or allow it: sysctl net.ipv4.ip_unprivileged_port_start=${port}`;
      problems.push({
        what: `${instance}: port ${port} is not open to ordinary users on this machine`,
        todo,
      });
      continue;
    }
    const taken = await whyPortTaken('127.77.77.77', port);
    if (taken !== null) problems.push({ what: `${instance}: ${taken}`, todo: `free port ${port}` });
  }
  return problems;
}

/** Components run as an ordinary user even when root started drillbook. macOS opens all ports to everybody. */
async function lowestOpenPort(account: Account | null): Promise<number> {
  if (account === null && process.getuid?.() === 0) return 0;
  const text = await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '0');
  return Number(text.trim());
}
