import { describe, expect, it } from 'vitest';
import { plan } from '../test/reporters/plan.ts';
import type { Plan } from './definition/plan.ts';
import { toolWarnings } from './lint-tools.ts';

const withTools = (tools: Plan['platform']['tools']): Plan => ({
  ...plan,
  platform: { ...plan.platform, tools },
});
const programs = (plans: readonly Plan[]) =>
  toolWarnings(plans).map(({ message }) => /runs (\S+) here/.exec(message)?.[1]);

describe('toolWarnings', () => {
  it('names each program of a selected command that the platform has not, with its line in the runbook', () => {
    const warnings = toolWarnings([withTools({})]);
    expect(programs([withTools({})])).toContain('aws');
    for (const { file, line } of warnings) {
      expect(file).toBe(plan.runbook?.file);
      expect(line).toBeGreaterThan(0);
    }
  });

  it('says nothing of programs that are named, or that every toolbox has', () => {
    const named = withTools(
      Object.fromEntries(programs([withTools({})]).map((name) => [name ?? '', 'system'])),
    );
    expect(toolWarnings([named])).toEqual([]);
  });

  it('says nothing of commands that run on the machine of a component', () => {
    const elsewhere = withTools({});
    const stages = elsewhere.stages.map((stage) =>
      stage.kind === 'procedure'
        ? { ...stage, steps: stage.steps.map((step) => ({ ...step, on: 'db-primary' })) }
        : stage,
    );
    expect(toolWarnings([{ ...elsewhere, stages }])).toEqual([]);
  });

  it('says it once, however many variants of a drill run the command', () => {
    const one = withTools({});
    expect(toolWarnings([one, { ...one, variant: 'another' }])).toEqual(toolWarnings([one]));
  });
});
