import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatted, options } from '../../test/definition/example.ts';
import { packageFolder, projectFiles } from '../run/project-files.ts';
import { lintProject, planByName } from './load-drill.ts';
import { loadProject, type Project } from './load-project.ts';
import type { PlannedStep } from './plan.ts';

/** The owner's own runbooks, where they are beside the checkout: the same drills must run on them. */
const originals = resolve(packageFolder, '../shared/runbooks');

async function shipped(): Promise<Project> {
  const loaded = await loadProject(projectFiles(packageFolder, packageFolder));
  if ('errors' in loaded) throw new Error(formatted(loaded.errors).join('\n'));
  return loaded.project;
}

describe('the drills that come with drillbook', () => {
  it('are right in everything', async () => {
    expect(formatted(await lintProject(await shipped(), options))).toEqual([]);
  });

  it.skipIf(!existsSync(originals))('are right on the original runbooks too', async () => {
    expect(formatted(await lintProject(await shipped(), { ...options, runbooks: originals }))).toEqual([]);
  });

  it.skipIf(!existsSync(originals))('select the same commands of both', async () => {
    const project = await shipped();
    const outline = async (runbooks?: string) => {
      const result = await planByName(project, 'database-primary-loss/async', {
        ...options,
        ...(runbooks && { runbooks }),
      });
      const steps =
        'plans' in result
          ? result.plans.flatMap(({ stages }) =>
              stages.flatMap((stage) => (stage.kind === 'procedure' ? stage.steps : [])),
            )
          : [];
      return steps.map(
        (step: PlannedStep) =>
          `${step.do} ${step.step.kind === 'command' ? step.step.text : `${step.step.phase}.${step.step.ordinal}`}`,
      );
    };
    const ours = await outline();
    expect(ours).toContain('run aws rds promote-read-replica --db-instance-identifier replica-id');
    expect(await outline(originals)).toEqual(ours);
  });

  it('lose nothing allowed in the synchronous variant', async () => {
    const result = await planByName(await shipped(), 'database-primary-loss/sync', options);
    const [plan] = 'plans' in result ? result.plans : [];
    expect(plan?.objectives.rpo).toEqual({
      kind: 'loss',
      ledger: 'state-store',
      lostAtMostMs: 0,
      writesAtMost: 0,
    });
    expect(plan?.stages[0]).toEqual({ kind: 'inject', fault: 'primary-killed' });
  });
});
