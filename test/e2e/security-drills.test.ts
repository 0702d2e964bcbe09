import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/reporters/result.ts';
import { marksOf } from '../../src/timeline/spans.ts';
import type { Timeline } from '../../src/timeline/timeline.ts';
import { runbooks, runShipped } from '../shipped-drill.ts';

/** What the first command that begins so printed. */
function outputOf(timeline: Timeline, beginning: string): string {
  const start = marksOf(timeline, 'step.start').find(({ command }) => command?.startsWith(beginning));
  if (start === undefined) throw new Error(`no step ran "${beginning}"`);
  const end = marksOf(timeline, 'step.end').find(
    ({ step, atNs }) => step === start.step && atNs >= start.atNs,
  );
  expect(end?.result.exitCode).toBe(0);
  return end?.result.stdout ?? '';
}

const figuresOf = ({ findings }: Result, objective: string) =>
  findings.find(({ figures }) => figures?.objective === objective)?.figures;

describe.each([
  ['our runbooks', runbooks.ours],
  ['the originals', runbooks.originals],
])('on %s', (_, folder) => {
  it.runIf(existsSync(folder))(
    'security-incident: contained, cleared up, and everybody at work again',
    async () => {
      const { exitCode, result, timeline, notPassed } = await runShipped('security-incident', folder);
      expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });

      // Time to contain and recovery are two clocks from the same attack.
      const containedMs = Number(figuresOf(result, 'time-to-contain')?.upperMs);
      expect(containedMs).toBeGreaterThan(0);
      expect(containedMs).toBeLessThan(Number(result.figures.rtoLowerMs));
      const proof = result.findings.find(({ rule }) => rule === 'validity.proved-by');
      expect(proof?.message).toMatch(/attack-list-workloads.*attack-provision-instance.* still succeeded/);
      expect(result.figures.lost).toBe(0);

      // What the audit log tells is what the attacker really did.
      const compared = outputOf(timeline, 'forensics compare');
      expect(compared).toMatch(/the attacker at \S+ did [1-9]\d* things/);
      expect(compared).toMatch(/in the export: [1-9]\d*, after it: 0, MISSING: 0/);
      const touched = outputOf(timeline, 'for address in $(grep');
      expect(touched).toMatch(/[1-9]\d* done, .* [1-9]\d* bytes carried off/);
      expect(touched).toContain('POST /workloads/evil-');
      expect(touched).toContain('cloud.POST aws:/regions/us-east-1/instances');
      expect(outputOf(timeline, 'python -m cli audit verify --anchor')).toContain('chain NOT verified');

      const written = result.steps.filter(({ text }) => text.startsWith('python -m cli'));
      const ran = written.filter(({ outcome }) => outcome === 'as-written').map(({ text }) => text);
      expect(ran).toHaveLength(5);
    },
  );
});
