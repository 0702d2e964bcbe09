import type { RunDrillsOptions } from '../run-drills.ts';
import { defineCommand } from './command.ts';
import { projectOptions } from './options.ts';

export const run = defineCommand<RunDrillsOptions>({
  command: 'run [drills..]',
  describe: 'Run drills and print their verdicts; with none named, every drill of the local environment',
  builder: (yargs) =>
    projectOptions(yargs)
      .positional('drills', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Names of drills; NAME/VARIANT for one variant',
      })
      .option('environment', {
        choices: ['local', 'containers', 'kind', 'context', 'all'] as const,
        describe: 'Environment whose drills run; all: each that this machine has',
      })
      .option('as-written', { type: 'boolean', default: false, describe: 'Use no corrections' })
      .option('interactive', {
        type: 'boolean',
        default: false,
        describe: 'Ask for manual steps at the terminal',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: "Folder for reports instead of the project's",
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print results as JSON on standard output',
      })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'Leave the platform running; `drillbook heal` takes it down',
      })
      .option('reuse', {
        type: 'string',
        requiresArg: true,
        describe: 'On kind: keep the clusters under this name and use them again',
      })
      .option('confirm-target', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [],
        describe: 'Existing context that may be broken, which the platform file has to allow, too',
      })
      .option('repeat', {
        type: 'number',
        requiresArg: true,
        default: 1,
        describe: 'Run all of it N times, then show the spread and which runs differ',
      })
      .example('$0 run', 'every local drill, every variant')
      .example('$0 run database-primary-loss/sync --as-written', 'one variant, no corrections'),
  async handler(options) {
    const { runDrills } = await import('../run-drills.ts');
    process.exitCode = await runDrills(options);
  },
});
