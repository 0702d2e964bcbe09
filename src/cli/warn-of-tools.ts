import { listDrills, planDrills, toolWarnings } from '../index.ts';
import type { OpenProject, Planning } from '../project.ts';

/** Says on standard error which commands of the valid drills will not be run, for want of a tool. */
export async function warnOfTools(project: OpenProject, planning: Planning): Promise<void> {
  const valid = (await listDrills(project, planning)).filter(({ errors }) => errors.length === 0);
  const plans = await planDrills(
    project,
    valid.map(({ name }) => name),
    planning,
  );
  for (const { file, line, message } of toolWarnings(plans))
    process.stderr.write(`${file}:${line}: warning: ${message}\n`);
}
