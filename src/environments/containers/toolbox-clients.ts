import { join } from 'node:path';
import type Dockerode from 'dockerode';
import type { ToolSpec } from '../../definition/tool.ts';
import { quote } from '../toolbox/tools.ts';
import type { ArchivedFile } from './archive.ts';
import { runInside } from './exec.ts';
import type { Fill } from './substitution.ts';

/** First in the usual PATH: what it calls may have the same name. */
const launchersFolder = '/usr/local/sbin';
const withinMs = 10_000;

/**
 * Launchers of real clients that have another name than the tool (`program`), or that get further `arguments` at every call, as
 * files for a toolbox that runs. None for what the image does not have: a command that needs it is not run.
 */
export async function clientLaunchers(
  tools: { readonly [name: string]: ToolSpec },
  container: Dockerode.Container,
  fill: Fill,
): Promise<readonly ArchivedFile[]> {
  const launchers = await Promise.all(
    Object.entries(tools).map(async ([name, spec]) => {
      if (!needsLauncher(name, spec)) return [];
      const client = await pathOf(container, spec.program ?? name);
      if (client === null) return [];
      const added = (spec.arguments ?? []).map((argument) => ` ${quote(fill(argument))}`).join('');
      const content = `#!/bin/sh\nexec ${quote(client)} "$@"${added}\n`;
      return [{ path: join(launchersFolder, name), content, mode: 0o755 }];
    }),
  );
  return launchers.flat();
}

/** What the platform brings itself gets a launcher of its own. */
function needsLauncher(name: string, spec: ToolSpec): spec is Exclude<ToolSpec, string> {
  if (spec === 'system' || spec.own !== undefined || spec.replacement !== undefined) return false;
  return (spec.program ?? name) !== name || (spec.arguments ?? []).length > 0;
}

/** By the PATH alone: `command -v` has no path for what is built into the shell, too, such as echo. */
const search = `
case $1 in */*) [ -x "$1" ] && echo "$1"; exit;; esac
IFS=:
for folder in $PATH; do
  if [ -f "$folder/$1" ] && [ -x "$folder/$1" ]; then echo "$folder/$1"; exit; fi
done
exit 1`;

async function pathOf(container: Dockerode.Container, program: string): Promise<string | null> {
  const argv = ['sh', '-c', search, 'sh', program];
  const { exitCode, stdout } = await runInside(container, { argv, timeoutMs: withinMs }, []);
  return exitCode === 0 ? stdout.trim() : null;
}
