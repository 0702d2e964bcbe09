import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/definition/merge-patch.ts';
import { type RunDrill, runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { type DrillFile, type Sabotage, stepsOf, withSabotage } from './patched-project.ts';

const drill = 'security-incident';
const program = (name: string) => fileURLToPath(new URL(`./programs/${name}`, import.meta.url));

const run = (sabotage: Omit<Sabotage, 'drill'>): Promise<RunDrill> =>
  withSabotage({ drill, ...sabotage }, (project) => runDrill(project, drill));
const component = (name: string, patch: Json): { readonly secured: Json } => ({
  secured: { components: { [name]: patch } },
});
const messagesOf = ({ findings }: RunDrill, rule: string) =>
  findings.filter((finding) => finding.rule === rule).map(({ status, message }) => `${status}: ${message}`);

/** Waiting in vain need not take as long as in the drill. */
function impatient(file: DrillFile): void {
  for (const stage of file.stages) {
    if ('until' in stage) stage.within = '4s';
    for (const step of stage.steps ?? [])
      for (const check of (step.verify ?? []) as { within?: string }[]) check.within = '3s';
  }
}

function without(file: DrillFile, command: string): void {
  for (const stage of file.stages) {
    if (!stage.steps?.some((step) => step.command?.startsWith(command))) continue;
    const steps = stage.steps.filter((step) => !step.command?.startsWith(command));
    const leaveOut = [...((stage['leave-out'] ?? []) as object[]), { command, reason: 'sabotage' }];
    Object.assign(stage, { steps, 'leave-out': leaveOut });
  }
}

describe('a security incident', () => {
  it('whose rotation stores nothing is not contained: the stolen key still opens its doors', async () => {
    const patch = {
      'lying-store': {
        command: `\${node} --no-warnings ${program('lying-secrets-store.ts')}`,
        port: 8200,
        env: { REAL_STORE: 'http://${secrets-store}:${secrets-store.port}' },
        ready: { http: '/health' },
        after: ['secrets-store'],
      },
      orchestrator: { env: { SECRETS_URL: 'http://${lying-store}:${lying-store.port}' } },
    };
    const result = await run({ inDrill: impatient, platforms: { secured: { components: patch } } });
    expect(result.exitCode).toBe(1);
    const [told] = messagesOf(result, 'time.not-over');
    expect(told).toMatch(/^fail: "time-to-contain".*"contained" was awaited and did not come/);
    expect(told).toContain('attack-list-instances');
    expect(told).toContain('attack-provision-instance');
    expect(told).not.toContain('attack-list-workloads');
  });

  it.runIf(full)(
    'whose sessions nobody revokes is not contained: the stolen session still reads',
    async () => {
      const result = await run({
        inDrill: (file) => {
          impatient(file);
          without(file, 'python -m cli security revoke-sessions');
          for (const step of stepsOf(file, 'for address in $(orchestratorctl alerts')) step.perform = 'true';
        },
      });
      expect(result.exitCode).toBe(1);
      const [told] = messagesOf(result, 'time.not-over');
      expect(told).toContain('attack-list-workloads');
      // The lockdown refuses it.
      expect(told).not.toContain('attack-create-workload');
    },
  );

  it.runIf(full)('whose attack ended by itself was contained by nobody', async () => {
    const result = await run({
      inDrill: (file) => {
        impatient(file);
        const contain = file.stages.findIndex(({ procedure }) => procedure === 'contain');
        file.stages.splice(contain, 0, {
          until: { probe: 'attack-list-workloads', is: 'failing', for: '1.5s' },
          within: '15s',
        });
      },
      platforms: component('attacker', {
        command: 'timeout 4 ${node} --no-warnings ../services/clients/attacker.ts',
      }),
    });
    expect(result.exitCode).toBe(2);
    expect(messagesOf(result, 'validity.proved-by')).toEqual([
      expect.stringMatching(
        /^inconclusive: "contained" is not proved: attack-list-workloads.* had no success/,
      ),
    ]);
  });

  it.runIf(full)('whose audit log lacks a record fails where the log is exported', async () => {
    const result = await run({
      inDrill: impatient,
      platforms: component('eraser', {
        command: `\${node} --no-warnings ${program('audit-eraser.ts')}`,
        env: { AUDIT_LOG: '${orchestrator.data}/audit.ndjson' },
      }),
    });
    expect(result.exitCode).toBe(1);
    const [told] = messagesOf(result, 'runbook.step').filter((message) => message.includes('audit export'));
    expect(told).toMatch(/^fail: .*exited with 1/);
  });

  it.runIf(full)(
    'whose machine is only switched on again has not recovered: credentials still lie about',
    async () => {
      const result = await run({
        inDrill: (file) => {
          impatient(file);
          for (const step of stepsOf(file, 'kubectl replace --force'))
            step.perform = 'kubectl scale deployment staff --replicas=1';
        },
      });
      expect(result.exitCode).toBe(1);
      expect(result.verdict.dimensions).toMatchObject({ recovery: 'fail' });
      expect(result.findings).toContainEqual(
        expect.objectContaining({ rule: 'rto.not-recovered', status: 'fail' }),
      );
      const unproved = result.findings.filter(({ message }) => message.includes('no credentials lie about'));
      expect(unproved).toMatchObject([{ dimension: 'runbook', status: 'inconclusive' }]);
    },
  );
});
