import type { AttemptStory, StepStory } from '../timeline/steps.ts';

/** What became of one step. */
export type StepOutcome =
  | { readonly kind: 'as-written'; readonly attempt: AttemptStory }
  /** It failed as written; the drill's correction did it. */
  | { readonly kind: 'corrected'; readonly why: string; readonly attempt: AttemptStory }
  | { readonly kind: 'failed'; readonly why: string; readonly attempt: AttemptStory }
  /** Failed only because the replica is not the platform. */
  | { readonly kind: 'platform-differs'; readonly why: string; readonly attempt: AttemptStory }
  /** `differs`: only because the replica is not the platform, which has the program that is missing here. */
  | { readonly kind: 'not-run'; readonly why: string; readonly differs?: string }
  | { readonly kind: 'left-out'; readonly why: string }
  /** A question that was asked again after the fault: whatever it answered is an answer. */
  | { readonly kind: 'asked-again'; readonly attempt: AttemptStory }
  | { readonly kind: 'by-operator' }
  | { readonly kind: 'performed'; readonly attempt: AttemptStory }
  /** What the drill does in a person's place did not work: the drill's own fault. */
  | { readonly kind: 'not-performed'; readonly why: string }
  | { readonly kind: 'refused-by-operator'; readonly why: string }
  | { readonly kind: 'undone'; readonly why: string };

export function outcomeOf(story: StepStory): StepOutcome {
  const outcome = seenOutcome(story);
  const worked =
    outcome.kind === 'as-written' || outcome.kind === 'corrected' || outcome.kind === 'performed';
  if (!worked || story.planned.do === 'leave-out') return outcome;
  // The run ended in between, or nobody looked: an exit code alone is no effect.
  return outcome.attempt.verified.length < story.planned.verify.length
    ? { kind: 'not-run', why: 'it ran, but not every effect it should have was looked at' }
    : outcome;
}

function seenOutcome(story: StepStory): StepOutcome {
  const answer = answerOf(story);
  if (answer !== null && story.procedure.comparedWith !== undefined)
    return { kind: 'asked-again', attempt: answer };
  switch (story.planned.do) {
    case 'leave-out':
      return { kind: 'left-out', why: story.planned.reason };
    case 'run':
      return outcomeOfCommand(story, story.planned);
    case 'perform':
      return outcomeOfPerformed(story);
    case 'prompt':
      return outcomeOfPrompt(story);
  }
}

function outcomeOfCommand(
  { attempts, notRun }: StepStory,
  planned: Extract<StepStory['planned'], { do: 'run' }>,
): StepOutcome {
  const { exits = 0, platformDiffers } = planned;
  const written = finished(attempts, 'as-written');
  const failure = written === null ? null : failureOf(written, exits);
  if (written !== null && failure === null) return { kind: 'as-written', attempt: written };
  const correction = finished(attempts, 'correction');
  const why = failure ?? notRun?.reason ?? notEnded(attempts) ?? 'nothing shows that it was tried';
  if (correction !== null) return outcomeOfCorrection(correction, why, exits);
  if (written === null) {
    const differs = notRun?.why === 'tool-missing' ? platformDiffers : null;
    return { kind: 'not-run', why, ...(differs !== null && { differs }) };
  }
  if (platformDiffers !== null)
    return { kind: 'platform-differs', why: `${why}; ${platformDiffers}`, attempt: written };
  const untried = notRun !== null && planned.correction !== null;
  return {
    kind: 'failed',
    why: untried ? `${why}, and its correction could not run (${notRun.reason})` : why,
    attempt: written,
  };
}

function outcomeOfCorrection(correction: AttemptStory, why: string, exits: number): StepOutcome {
  const failure = failureOf(correction, exits);
  if (failure === null) return { kind: 'corrected', why, attempt: correction };
  return { kind: 'failed', why: `${why}; its correction: ${failure}`, attempt: correction };
}

function outcomeOfPerformed({ attempts, notRun }: StepStory): StepOutcome {
  const performed = finished(attempts, 'performed');
  if (performed === null)
    return {
      kind: 'not-performed',
      why: notRun?.reason ?? notEnded(attempts) ?? 'nothing shows that it was tried',
    };
  const failure = failureOf(performed, 0);
  return failure === null
    ? { kind: 'performed', attempt: performed }
    : { kind: 'not-performed', why: failure };
}

function outcomeOfPrompt({ manual, notRun }: StepStory): StepOutcome {
  if (manual === null) return { kind: 'undone', why: notRun?.reason ?? 'nobody was asked' };
  const note = manual.note === '' ? '' : `: ${manual.note}`;
  switch (manual.answer) {
    case 'done':
      return { kind: 'by-operator' };
    case 'failed':
      return { kind: 'refused-by-operator', why: `the operator could not do it${note}` };
    case 'skipped':
      return { kind: 'undone', why: `the operator skipped it${note}` };
  }
}

/** Why an attempt did not work, as a clause; null when it did. Exit codes lie: state decides where it was looked at. */
function failureOf({ result, verified }: AttemptStory, exits: number): string | null {
  if (result === null) return 'it did not end';
  if (result.timedOut) return 'it ran into its time limit';
  if (result.signal !== null) return `it was ended by ${result.signal}`;
  if (result.exitCode !== exits) {
    const expected = exits === 0 ? '' : `, where ${exits} is right`;
    return `it exited with ${result.exitCode ?? 'no code'}${expected}`;
  }
  const unseen = verified.find((mark) => !mark.ok);
  return unseen === undefined
    ? null
    : `it exited with ${exits} and did nothing: "${unseen.check}" was not so (${unseen.observed})`;
}

function finished(attempts: readonly AttemptStory[], kind: AttemptStory['attempt']): AttemptStory | null {
  return attempts.findLast((attempt) => attempt.attempt === kind && attempt.result !== null) ?? null;
}

/** What a step answered as it is written, or as the drill performs it; null when it did not run to an end. */
export function answerOf({ attempts }: StepStory): AttemptStory | null {
  return finished(attempts, 'as-written') ?? finished(attempts, 'performed');
}

const notEnded = (attempts: readonly AttemptStory[]): string | null =>
  attempts.length === 0 ? null : 'it was under way when the run ended';

/** Programs that stood in for a client that is not here: what ran with them is not proved. */
export function standInsOf(outcome: StepOutcome): readonly string[] {
  return 'attempt' in outcome ? (outcome.attempt.result?.standIns ?? []) : [];
}
