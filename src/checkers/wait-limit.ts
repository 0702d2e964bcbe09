import { formatDuration, parseDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import type { StepResult } from '../timeline/events.ts';
import type { StepStory } from '../timeline/steps.ts';
import type { Finding } from './checker.ts';
import { msOf } from './wording.ts';

/** Whether a command that says for how long it would wait at most (`--timeout=300s`) waited no longer. */
export function ofWait({ planned, attempts, procedure }: StepStory, plan: Plan): Finding[] {
  if (planned.do !== 'run') return [];
  const limitMs = limitOf(planned.step.text);
  const waited = attempts.findLast(({ attempt, result }) => attempt === 'as-written' && result !== null);
  if (limitMs === null || waited === undefined || waited.result === null) return [];
  const tookMs = msOf(waited.result.durationNs);
  const answer = judged(waited.result, tookMs, limitMs, planned.exits ?? 0);
  if (answer === null) return [];
  return [
    {
      dimension: 'runbook',
      status: answer.status,
      rule: 'restoration.wait',
      message: `"${planned.step.text.split('\n')[0]}" ${answer.words}.`,
      figures: { wait: planned.step.id, procedure: procedure.name, tookMs, limitMs },
      where: `${plan.runbook?.file ?? 'runbook'}:${planned.step.lines.from}`,
      evidenceNs: waited.endNs === null ? [waited.startNs] : [waited.startNs, waited.endNs],
    },
  ];
}

interface Answer extends Pick<Finding, 'status'> {
  readonly words: string;
}

/** Null: it failed before its limit, which says nothing of the wait and is a finding of the step. */
function judged(result: StepResult, tookMs: number, limitMs: number, exits: number): Answer | null {
  const took = `waited ${formatDuration(tookMs)}`;
  const limit = `its limit of ${formatDuration(limitMs)}`;
  if (tookMs > limitMs) return { status: 'fail', words: `${took}, more than ${limit}` };
  if (result.timedOut)
    return {
      status: 'inconclusive',
      words: `was ended by the drill after ${formatDuration(tookMs)}, so nobody knows whether it keeps ${limit}; give the step a longer "timeout"`,
    };
  return result.exitCode === exits ? { status: 'pass', words: `${took}, within ${limit}` } : null;
}

const limit = /\s--timeout[= ](["']?)((?:\d+(?:\.\d+)?(?:ms|[smh]))+)\1(?:\s|$)/;

/**
 * The limit of a command that is one command: of several, only the time of all of them is known. Null where it has none, and
 * for 0, with which `kubectl wait` looks once.
 */
function limitOf(text: string): number | null {
  const line = text.replaceAll(/\\\r?\n/g, ' ').trim();
  const unquoted = line.replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/g, 'x');
  if (/[;&|\n`]|\$\(/.test(unquoted)) return null;
  const limitMs = parseDuration(limit.exec(line)?.[2] ?? '');
  return limitMs === 0 ? null : limitMs;
}
