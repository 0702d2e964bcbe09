import type { MarkEvent } from '../../timeline/events.ts';
import { formatCount, formatNs } from '../quantities.ts';
import type { Judged } from '../reporter.ts';
import { shortened } from '../untrusted.ts';
import { stageName } from './lanes.ts';
import { outageOf } from './outage.ts';
import { table } from './parts.ts';
import { formatOffset } from './scale.ts';
import { type Content, html } from './template.ts';

/** More rows than anybody reads; the journal has them all. */
const mostRows = 300;

/** What the picture shows, in words and in order. */
export function chronicle(judged: Judged): Content {
  const zero = outageOf(judged)?.fromNs ?? 0;
  const rows = judged.timeline.marks.flatMap((mark) => {
    const words = wordsOf(mark, judged);
    return words === null ? [] : [[formatOffset(Math.round((mark.atNs - zero) / 1e6)), words] as const];
  });
  const left = rows.length - mostRows;
  return html`<details><summary>All events in words</summary>
${table(zero === 0 ? 'Times count from the start of the run' : 'Times count from the fault', ['When', 'What'], rows.slice(0, mostRows))}
${left > 0 && html`<p class="quiet">${left} more are in journal.ndjson.</p>`}</details>`;
}

function wordsOf(mark: MarkEvent, { plan }: Judged): string | null {
  switch (mark.type) {
    case 'phase.start':
      return `phase ${mark.phase} began`;
    case 'stage.start': {
      const stage = plan.stages[mark.stage];
      return `stage ${mark.stage + 1} began${stage === undefined ? '' : `: ${stageName(stage)}`}`;
    }
    case 'stage.end':
      return mark.outcome === 'done' ? null : `stage ${mark.stage + 1} ended: ${mark.outcome}`;
    case 'condition.met':
      return `${mark.purpose}: ${mark.condition}`;
    case 'condition.timeout':
      return `${mark.purpose} not seen in time: ${mark.condition} (${mark.observed})`;
    case 'health-check':
      return `health check ${mark.check}${mark.when === 'faulted' ? ', after the fault' : ''}: ${mark.status ?? ''} ${mark.answer}`;
    case 'harness.lag':
      return `harness: the ${mark.thread} thread stood still for ${formatNs(mark.lagNs)}`;
    case 'interrupted':
      return `interrupted: ${mark.reason}`;
    case 'error':
      return `error in ${mark.where}: ${mark.message}`;
    default:
      return (
        faultWords(mark) ??
        platformWords(mark) ??
        procedureWords(mark) ??
        ledgerWords(mark) ??
        loadWords(mark)
      );
  }
}

function faultWords(mark: MarkEvent): string | null {
  switch (mark.type) {
    case 'fault.injecting':
      return `fault ${mark.injection} set off`;
    case 'fault.injected':
      return `fault ${mark.injection} in effect`;
    case 'fault.failed':
      return `fault ${mark.injection} could not be set off: ${mark.message}`;
    case 'fault.status':
      return `fault ${mark.injection} is ${mark.status} (${mark.when.replaceAll('-', ' ')})`;
    case 'fault.healed':
      return `fault ${mark.injection} healed: ${mark.status}`;
    case 'fault.heal-failed':
      return `fault ${mark.injection} could not be healed: ${mark.message}`;
    default:
      return null;
  }
}

function platformWords(mark: MarkEvent): string | null {
  switch (mark.type) {
    case 'component.started':
      return `${mark.instance} started at ${mark.address} (pid ${mark.pid})`;
    case 'component.exited':
      return `${mark.instance} ended (pid ${mark.pid}, ${mark.signal ?? `exit code ${mark.code}`})`;
    case 'cluster.renewed':
      return `the warm cluster ${mark.cluster} was made anew: ${mark.reasons.join('; ')}`;
    case 'role.resolved':
      return `role ${mark.role} is ${mark.instance}: ${mark.why}`;
    case 'returned':
      return `${mark.instance} is back as it was left, to be read and never written`;
    case 'rejoined':
      return `${mark.instance} rejoined by ${mark.how}`;
    case 'rejoin.failed':
      return `${mark.instance} did not rejoin: ${mark.message}`;
    case 'environment.down':
      return mark.leftovers.length === 0 ? 'platform taken down' : `left over: ${mark.leftovers.join('; ')}`;
    default:
      return null;
  }
}

function procedureWords(mark: MarkEvent): string | null {
  switch (mark.type) {
    case 'procedure.start':
      return `procedure ${mark.procedure} began`;
    case 'procedure.end':
      return `procedure ${mark.procedure} ended`;
    case 'step.start':
      return mark.command === null ? null : `runs ${shortened(mark.command, 120)}`;
    case 'step.verified':
      return `${mark.check}: ${mark.ok ? 'yes' : 'no'} (${mark.observed})`;
    case 'criterion':
      return `criterion ${mark.criterion}: ${mark.ok === null ? 'not known' : mark.ok ? 'met' : 'not met'} (${mark.observed})`;
    default:
      return null;
  }
}

function ledgerWords(mark: MarkEvent): string | null {
  switch (mark.type) {
    case 'ledger.read':
      return `ledger ${mark.ledger} read from ${mark.instance} (${mark.why.replaceAll('-', ' ')})`;
    case 'ledger.read-end':
      return `ledger ${mark.ledger}: ${formatCount(mark.rows)} rows read`;
    case 'ledger.read-failed':
      return `ledger ${mark.ledger} could not be read: ${mark.message}`;
    default:
      return null;
  }
}

function loadWords(mark: MarkEvent): string | null {
  switch (mark.type) {
    case 'load.started':
      return `load ${mark.load}: users are at work`;
    case 'load.summary':
      return `load ${mark.load} ${mark.endedEarly ? 'had ended by itself' : 'stopped'} (exit code ${mark.exitCode ?? 'not known'})`;
    default:
      return null;
  }
}
