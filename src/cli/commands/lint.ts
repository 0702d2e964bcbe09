import { exitCodes } from '../errors.ts';
import { defineCommand } from './command.ts';
import { checkedOptions, type ProjectArguments, projectOptions } from './options.ts';

export const lint = defineCommand<ProjectArguments>({
  command: 'lint',
  describe: 'Check every definition of the project; runbooks: see `drillbook runbook lint`',
  builder: (yargs) => projectOptions(yargs),
  async handler(options) {
    const { formatDefinitionError, lintDrills, openProject } = await import('../../index.ts');
    const { warnOfTools } = await import('../warn-of-tools.ts');
    const project = await openProject();
    const errors = await lintDrills(project, checkedOptions(options));
    for (const error of errors) process.stderr.write(`${formatDefinitionError(error)}\n`);
    await warnOfTools(project, checkedOptions(options));
    const verdict =
      errors.length === 0 ? 'no errors' : `${errors.length} error${errors.length === 1 ? '' : 's'}`;
    const { drills, scenarios, platforms } = project;
    process.stdout.write(
      `${drills.size} drills, ${scenarios.size} scenarios, ${platforms.size} platforms: ${verdict}\n`,
    );
    process.exitCode = errors.length === 0 ? exitCodes.pass : exitCodes.wrong;
  },
});
