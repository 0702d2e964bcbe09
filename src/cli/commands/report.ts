import { exitCodeOf } from '../errors.ts';
import { defineCommand } from './command.ts';

interface ReportArguments {
  readonly run: string;
  readonly out: string | undefined;
}

export const report = defineCommand<ReportArguments>({
  command: 'report <run>',
  describe: 'Judge the journal of a run again and write its reports anew',
  builder: (yargs) =>
    yargs
      .positional('run', {
        type: 'string',
        demandOption: true,
        describe: 'Run id, report folder, or journal file',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder of reports, where it was given to `run`',
      }),
  async handler({ run, out }) {
    const { reportAgain } = await import('../report-again.ts');
    process.exitCode = exitCodeOf(await reportAgain({ run, out }));
  },
});
