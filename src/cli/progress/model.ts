import type { Plan, PlannedStage } from '../../definition/plan.ts';
import { victimOf } from '../../definition/scenario.ts';
import { formatMs, formatNs } from '../../reporters/quantities.ts';
import { oneLine, shortened } from '../../reporters/untrusted.ts';
import { conditionName } from '../../timeline/conditions.ts';
import type { JournalEvent, MarkEvent, Ns } from '../../timeline/events.ts';

/** How far a run has come, as events tell it: lines that stay, and one state that changes. */
export interface ProgressModel {
  /** Takes an event; returns the lines it adds for good. */
  add(event: JournalEvent): readonly string[];
  /** The line of this moment: what is going on, how long it has, and how the clients fare. */
  now(nowNs: Ns): string;
}

/** Share of good slots is told over this many of the latest ones. */
const recentSlots = 50;

export function progressOf(plan: Plan): ProgressModel {
  const startNs = new Map<string, Ns>();
  const recent: boolean[] = [];
  let upIn = '';
  let doing = { text: 'starting', sinceNs: 0, budgetMs: null as number | null };

  const begin = (text: string, sinceNs: Ns, budgetMs: number | null = null) => {
    doing = { text, sinceNs, budgetMs };
  };
  const took = (key: string, event: MarkEvent) => formatNs(event.atNs - (startNs.get(key) ?? event.atNs));

  const mark = (event: MarkEvent): readonly string[] => {
    switch (event.type) {
      case 'phase.start':
        startNs.set(event.phase, event.atNs);
        begin(phaseWords[event.phase], event.atNs, event.phase === 'steady' ? plan.steady.withinMs : null);
        // Only a platform that is up is waited for: provisioning ends when it fails, too.
        return event.phase === 'steady' ? [`✓ platform ${plan.platform.platform} up in ${upIn}`] : [];
      case 'phase.end':
        if (event.phase === 'provision') upIn = took('provision', event);
        return [];
      case 'cluster.renewed':
        return [`! warm cluster ${event.cluster} is made anew: ${said(event.reasons.join('; '))}`];
      case 'load.started':
        return [`✓ load ${event.load}: users are at work`];
      case 'load.summary':
        return event.endedEarly ? [`! load ${event.load} ended before the drill did`] : [];
      case 'steady.met':
        return [`✓ healthy before the drill for ${formatMs(plan.steady.windowMs)}`];
      case 'steady.timeout':
        return [`✗ never healthy before the drill: ${said(event.reason)}`];
      case 'stage.start':
        begin(...stageWords(plan.stages[event.stage], event.atNs));
        return [];
      case 'fault.injecting':
        startNs.set(event.injection, event.atNs);
        return [];
      case 'fault.injected':
        return [
          `▼ injected ${event.injection}${faultWords(plan, event.injection)} in ${took(event.injection, event)}`,
        ];
      case 'fault.failed':
        return [`! fault ${event.injection} could not be injected: ${said(event.message)}`];
      case 'fault.healed':
        return [`✓ healed ${event.injection} (${event.status})`];
      case 'fault.heal-failed':
        return [`! ${event.injection} could not be healed: ${said(event.message)}`];
      case 'condition.met':
        return event.purpose === 'steady' ? [] : [`· ${event.purpose}: ${event.condition}`];
      case 'condition.timeout':
        return [`! ${event.purpose} not seen: ${event.condition} (${said(event.observed)})`];
      case 'step.start':
        startNs.set(event.step, event.atNs);
        if (event.command !== null)
          begin(`$ ${said(event.command)}`, event.atNs, stepTimeout(plan, event.step));
        return [];
      case 'step.end':
        return [stepLine(plan, event)];
      case 'step.verified':
        return [
          `  ${event.ok ? '✓' : '✗'} ${said(event.check)}${event.ok ? '' : `: ${said(event.observed)}`}`,
        ];
      case 'step.not-run':
        return event.why === 'left-undone'
          ? []
          : [`○ not run: ${said(stepText(plan, event.step))} — ${said(event.reason)}`];
      case 'returned':
        return [`✓ ${event.instance} is back, to be read`];
      case 'rejoined':
        return [`✓ ${event.instance} rejoined`];
      case 'rejoin.failed':
        return [`! ${event.instance} did not rejoin: ${said(event.message)}`];
      case 'interrupted':
        return [`! interrupted: ${said(event.reason)}`];
      case 'error':
        return [`! ${event.where}: ${said(event.message, 400)}`];
      default:
        return [];
    }
  };

  return {
    add(event) {
      if (event.type === 'slot') {
        recent.push(event.outcome === 'ok');
        if (recent.length > recentSlots) recent.shift();
        return [];
      }
      return isMark(event) ? mark(event) : [];
    },
    now(nowNs) {
      const elapsed = formatMs(Math.max(0, Math.round((nowNs - doing.sinceNs) / 1e8) * 100));
      const budget = doing.budgetMs === null ? '' : ` of ${formatMs(doing.budgetMs)}`;
      const good = recent.filter(Boolean).length;
      const success =
        recent.length === 0 ? '' : ` · ${Math.floor((good / recent.length) * 100)} % of probes ok`;
      return `${doing.text} · ${elapsed}${budget}${success}`;
    },
  };
}

const phaseWords = {
  provision: 'setting the platform up',
  steady: 'waiting until it is healthy',
  stages: 'drilling',
  settle: 'letting it settle',
  teardown: 'taking everything down',
} as const;

function isMark(event: JournalEvent): event is MarkEvent {
  return !['plan', 'slot', 'write', 'ledger.reserved', 'ledger.ids'].includes(event.type);
}

function stageWords(stage: PlannedStage | undefined, atNs: Ns): [string, Ns, number | null] {
  switch (stage?.kind) {
    case 'inject':
      return [`breaking: ${stage.fault}`, atNs, null];
    case 'procedure':
      return [`procedure ${stage.name}`, atNs, null];
    case 'until':
      return [`until ${conditionName(stage.condition)}`, atNs, stage.withinMs];
    case 'heal':
      return ['healing', atNs, null];
    case 'return':
      return [`${stage.target} returns`, atNs, null];
    case 'rejoin':
      return [`${stage.target} rejoins`, atNs, null];
    case undefined:
      return ['drilling', atNs, null];
  }
}

function faultWords(plan: Plan, id: string): string {
  const spec = plan.scenario.faults[id];
  return spec === undefined ? '' : ` (${[spec.fault, victimOf(spec) ?? []].flat().join(' ')})`;
}

function stepLine(plan: Plan, { step, attempt, result }: Extract<MarkEvent, { type: 'step.end' }>): string {
  const by = { 'as-written': '', correction: ' (correction)', performed: ' (performed by the drill)' }[
    attempt
  ];
  const how = result.timedOut
    ? 'timed out'
    : result.signal !== null
      ? `ended by ${result.signal}`
      : `exit ${result.exitCode}`;
  const standIns = result.standIns.length === 0 ? '' : `, stand-in ${result.standIns.join(', ')}: not proved`;
  const mark = result.exitCode === 0 ? '✓' : '✗';
  return `${mark} ${said(stepText(plan, step))}${by}: ${how} in ${formatNs(result.durationNs)}${standIns}`;
}

function plannedStep(plan: Plan, id: string) {
  return plan.stages
    .flatMap((stage) => (stage.kind === 'procedure' ? stage.steps : []))
    .find(({ step }) => step.id === id);
}

function stepText(plan: Plan, id: string): string {
  return plannedStep(plan, id)?.step.text ?? id;
}

function stepTimeout(plan: Plan, id: string): number | null {
  const planned = plannedStep(plan, id);
  return planned === undefined || planned.do === 'leave-out' ? null : planned.timeoutMs;
}

function said(text: string, length = 160): string {
  return shortened(oneLine(text), length);
}
