import { defineCommand } from './command.ts';
import { checkedOptions, type ProjectArguments, projectOptions } from './options.ts';

interface PlanArguments extends ProjectArguments {
  readonly drill: string;
  readonly json: boolean;
  readonly asWritten: boolean;
}

export const plan = defineCommand<PlanArguments>({
  command: 'plan <drill>',
  describe: 'Show what a drill would do, step by step; changes nothing',
  builder: (yargs) =>
    projectOptions(yargs)
      .positional('drill', {
        type: 'string',
        demandOption: true,
        describe: 'Name of a drill, or NAME/VARIANT',
      })
      .option('as-written', { type: 'boolean', default: false, describe: 'Use no corrections' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the plan as JSON' }),
  async handler({ drill, json, ...options }) {
    const { describePlan, openProject, planDrills } = await import('../../index.ts');
    const plans = await planDrills(await openProject(), [drill], checkedOptions(options));
    const text = json ? JSON.stringify(plans, null, 2) : plans.map(describePlan).join('\n\n');
    process.stdout.write(`${text}\n`);
  },
});
