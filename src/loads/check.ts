import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plan } from '../definition/plan.ts';
import type { Problem } from '../environments/environment.ts';

/** Scripts of the plan's loads that cannot be read, before anything is started. */
export async function loadProblems({ loads = {}, platform }: Plan): Promise<readonly Problem[]> {
  const problems = await Promise.all(
    Object.entries(loads).map(async ([name, { script }]): Promise<readonly Problem[]> => {
      const file = resolve(platform.baseDir, script);
      const there = await access(file, constants.R_OK).then(
        () => true,
        () => false,
      );
      if (there) return [];
      const what = `the script of the load ${name} of platform ${platform.platform} cannot be read: ${file}`;
      return [{ what, todo: 'Write it, or correct "script" there: it is relative to the platform file.' }];
    }),
  );
  return problems.flat();
}
