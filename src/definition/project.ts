import { z } from 'zod';

const folder = (what: string, standard: string) =>
  z.string().min(1).optional().describe(`folder of ${what}, relative to this file; default ${standard}`);

/** `drillbook.yaml`: where a project keeps its things. */
export const project = z.strictObject({
  drills: folder('drills', 'drills'),
  scenarios: folder('scenarios', 'scenarios'),
  platforms: folder('platforms', 'platforms'),
  runbooks: folder('runbooks', 'runbooks'),
  reports: folder('reports: one folder a run', 'reports'),
});
export type ProjectFile = z.infer<typeof project>;

/** The name a project's own file has, looked for upwards from the working folder. */
export const projectFileName = 'drillbook.yaml';
