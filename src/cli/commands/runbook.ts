import { defineCommand } from './command.ts';

interface StepsArguments {
  readonly file: string;
  readonly json: boolean;
}

interface LintArguments extends StepsArguments {
  readonly today: string | undefined;
}

const steps = defineCommand<StepsArguments>({
  command: 'steps <file>',
  describe: 'Show the sections, phases and steps that drillbook reads in a runbook',
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'Markdown file' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the parsed runbook as JSON' }),
  async handler({ file, json }) {
    const { showSteps } = await import('../runbook-file.ts');
    await showSteps(file, json);
  },
});

const lint = defineCommand<LintArguments>({
  command: 'lint <file>',
  describe: 'Find what is wrong with a runbook: line, reason, what to write instead',
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'Markdown file' })
      .option('json', { type: 'boolean', default: false, describe: 'Print findings as JSON' })
      .option('today', {
        type: 'string',
        requiresArg: true,
        describe: 'Date that review dates are compared with, YYYY-MM-DD',
      }),
  async handler(options) {
    const { lintFile } = await import('../runbook-file.ts');
    process.exitCode = await lintFile(options);
  },
});

export const runbook = defineCommand<object>({
  command: 'runbook <action>',
  describe: 'Read or check a runbook',
  builder: (yargs) => yargs.command([steps, lint]).demandCommand(1),
  async handler() {},
});
