import { codeSpans, plainText } from '../prose/inline.ts';
import type { Lines } from '../runbook.ts';
import { looksLikeCommand } from '../shell/programs.ts';
import { isStatement } from '../shell/statements.ts';
import { type CommandDraft, commandDraft, type Place, type QueryDraft, queryDraft } from './draft.ts';

/**
 * Commands and statements named inside a sentence: as `code`, after a colon ("Check logs: kubectl logs -n …"), or after
 * "Run". `markdown` false: the text is a line of a plain fence, whose backticks mean nothing.
 */
export function namedInSentence(
  text: string,
  lines: Lines,
  place: Place,
  markdown: boolean,
): (CommandDraft | QueryDraft)[] {
  const spans = markdown ? codeSpans(text).map((span) => span.text) : [];
  const inCode = spans.flatMap((span) => named(span, lines, place));
  if (inCode.length > 0) return inCode;
  const words = markdown ? plainText(text) : text;
  for (const match of words.matchAll(/:\s+(?=\S)/g)) {
    const after = named(words.slice(match.index + match[0].length).trim(), lines, place);
    if (after.length > 0) return after;
    if (match.index > 200) break;
  }
  const run = /^(?:run|execute|issue|type|enter)\s+(\S.*)$/i.exec(words);
  return run?.[1] === undefined || !/\s-{1,2}\w|\//.test(run[1]) ? [] : named(run[1], lines, place);
}

function named(text: string, lines: Lines, place: Place): (CommandDraft | QueryDraft)[] {
  const command = text.replace(/^\$\s+/, '');
  const found = { text: command, comment: null, lines };
  if (isStatement(command)) return [queryDraft(found, 'sql', place)];
  if (!looksLikeCommand(command)) return [];
  return [commandDraft(found, 'inline', { text: command, set: new Set() }, place)];
}

const imperatives = new Set(
  `access acknowledge activate add alert allow announce apply approve archive arrange ask assemble assess assign attach audit
  authorize back backup begin block bring build bump calculate call cancel capture change check clean clear click close collect
  communicate compare complete conduct configure confirm connect consider consult contact contain continue coordinate copy create
  cut deactivate declare delete demote deploy destroy detach determine diagnose disable disconnect document drain draft drop edit
  enable engage ensure enter escalate establish estimate evaluate examine execute expand export fail failback failover fetch file
  find fix flip flush follow force gather generate get give grant hold identify implement import increase inform initiate inspect
  install investigate invoke isolate issue join keep kill launch leave list locate lock log login look lower make mark measure merge
  migrate mitigate modify monitor mount move mute note notify observe obtain open order page pause perform pick ping point post
  prepare preserve press prevent promote provide provision publish pull purge push put query quarantine raise re-enable re-run read
  reboot rebuild reconcile reconnect record recover redeploy redirect reduce refresh register reindex reinstall reintroduce release
  reload remediate remove rename render repair repeat replace replay report request rerun rescale reset resize resolve restart restore
  resume resync retrieve retry return revert review revoke roll rollback rotate route run save scale schedule search select send
  separate set share shift show shut shutdown sign silence simulate skip snapshot spin start stop submit suspend switch sync take tail
  tell terminate test throttle track transfer trigger troubleshoot turn type unblock uncordon cordon undo uninstall unlock unmount
  unpause update upgrade upload use validate verify view wait warn watch wipe write`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Whether a numbered item tells somebody to do something: it begins with a verb that runbooks use so. */
export function isInstruction(text: string): boolean {
  const words = text
    .toLowerCase()
    .replace(/^(?:if|when|once|after|before|for)\b[^,:]{0,120}[,:]\s*/, '')
    .replace(
      /^(?:please|then|now|next|first|finally|also|optionally|immediately|quickly|manually|temporarily|gradually)\b,?\s*/,
      '',
    );
  const verb = /^[a-z]+(?:-[a-z]+)*/.exec(words)?.[0];
  return verb !== undefined && imperatives.has(verb);
}
