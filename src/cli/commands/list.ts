import { defineCommand } from './command.ts';
import { checkedOptions, type ProjectArguments, projectOptions } from './options.ts';

export const list = defineCommand<ProjectArguments>({
  command: 'list',
  describe: 'List drills, their variants, and whether they are valid',
  builder: (yargs) => projectOptions(yargs),
  async handler(options) {
    const { listDrills, openProject } = await import('../../index.ts');
    const { whyPlatformsNotHere } = await import('../why-not-here.ts');
    const project = await openProject();
    const entries = await listDrills(project, checkedOptions(options));
    const width = Math.max(...entries.map(({ name }) => name.length), 0);
    const reasons = await whyPlatformsNotHere(entries.flatMap(({ plan }) => (plan === null ? [] : [plan])));
    for (const { name, title, environment, plan, errors } of entries) {
      const here = plan === null || reasons.get(plan.platform.platform) === undefined;
      const state =
        errors.length === 0
          ? `${environment}${here ? '' : ' (not here)'}`
          : `not valid: ${errors.length} error(s), see \`drillbook lint\``;
      process.stdout.write(`${name.padEnd(width)}  ${state}  ${title}\n`);
    }
    for (const [platform, reason] of reasons)
      process.stdout.write(`not here, on platform ${platform}: ${reason}; see \`drillbook doctor\`\n`);
    if (entries.length === 0)
      process.stderr.write(`drillbook: there are no drills in ${project.folders.drills}\n`);
  },
});
