import { defineCommand } from './command.ts';
import { type ProjectArguments, projectOptions } from './options.ts';

export const doctor = defineCommand<ProjectArguments>({
  command: 'doctor',
  describe: 'Tell what this machine can run, and how to get the rest',
  builder: (yargs) => projectOptions(yargs),
  async handler(options) {
    const { examine } = await import('../examine.ts');
    process.exitCode = await examine(options);
  },
});
