import { exitCodes } from '../errors.ts';
import { defineCommand } from './command.ts';

interface HealArguments {
  readonly run: string | undefined;
  readonly out: string | undefined;
}

export const heal = defineCommand<HealArguments>({
  command: 'heal [run]',
  describe: 'Heal and remove what a killed or kept run left behind, from its journal alone',
  builder: (yargs) =>
    yargs
      .positional('run', {
        type: 'string',
        describe: 'Run id or its report folder; default: every run of the reports folder',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder of reports, where it was given to `run`',
      }),
  async handler({ run, out }) {
    const { healRuns } = await import('../heal-runs.ts');
    const clean = await healRuns({ run, out });
    process.exitCode = clean ? exitCodes.pass : exitCodes.fail;
  },
});
