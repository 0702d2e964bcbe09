import { expect, it } from 'vitest';
import { parseRunbook } from './parse.ts';
import { stepsAsText } from './steps-as-text.ts';

it('lists section, phase, id, kind, lines, placeholders and text', () => {
  const text = stepsAsText(
    parseRunbook(
      '# Outage\n## Act\n```\n1. NOW (0-2 minutes)\n   □ Scale:\n     $ kubectl scale x \\\n         --replicas=<n>\n```\n',
    ),
  );
  expect(text.replace(/\.[0-9a-z]{7} /g, '.ID ')).toBe(`Outage
1 command, 0 queries, 1 manual step

## Act
  Phase 1: NOW (0 to 2m)
    act.scale.ID  manual 1, line 5
      Scale:
      act.kubectl-scale-x-n.ID  command 1, lines 6-7, to fill in: <n>
        kubectl scale x \\
                 --replicas=<n>
`);
});

it('lets no control character through', () => {
  expect(stepsAsText(parseRunbook('# \u001b[31mred\n- [ ] \u202ex\u0007\n'))).not.toMatch(
    /(?!\n)\p{Cc}|\p{Bidi_C}/u,
  );
});
