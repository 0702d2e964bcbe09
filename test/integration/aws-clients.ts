import { realpathSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, run } from '../../fixtures/services/testing/processes.ts';

const standIn = fileURLToPath(new URL('../../fixtures/tools/aws/main.ts', import.meta.url));

export interface AwsClient {
  readonly name: string;
  /** Exit code when the service refuses: 254 but for early releases of version 1. */
  readonly refused: readonly number[];
  call(args: readonly string[], env: Record<string, string>): Promise<Finished>;
}

export const standInClient: AwsClient = {
  name: 'the stand-in',
  refused: [254],
  call: (args, env) => run(process.execPath, ['--no-warnings', standIn, ...args], env),
};

/** Every `aws` on the PATH that runs: version 1 and 2 may both be there. */
export async function installedClients(): Promise<readonly AwsClient[]> {
  const { PATH = '', HOME = '' } = process.env;
  const clients = new Map<string, AwsClient>();
  for (const folder of PATH.split(delimiter)) {
    const program = join(folder, 'aws');
    const runs = await access(program, constants.X_OK).then(
      () => run(program, ['--version'], { PATH, HOME }),
      () => null,
    );
    if (runs?.exitCode !== 0) continue;
    const name = runs.stdout.split(' ')[0] ?? program;
    const call: AwsClient['call'] = (args, env) => run(program, args, { PATH, HOME, ...env });
    clients.set(realpathSync(program), { name, refused: [254, 255], call });
  }
  return [...clients.values()];
}
