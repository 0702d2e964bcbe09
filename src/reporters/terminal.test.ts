import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { judged, judgedBy } from '../../test/reporters/judged.ts';
import { verdictLines } from './terminal.ts';

const esc = String.fromCharCode(27);

describe('verdictLines', () => {
  it('says it all in a screenful', () => {
    const lines = verdictLines(judged(), { width: 100, color: false, report: 'reports/a/report.html' });
    expect(lines).toMatchInlineSnapshot(`
      [
        "FAIL  database-primary-loss (async) on local",
        "  RTO       2.29–2.36 s  (target 10m, at most 32.35 s with people)",
        "  RPO       58 ms  (3 of 2,088 acknowledged writes lost, 4 indeterminate)",
        "  Runbook   1 of 6  (commands work as written; 1 corrected, 1 not proved, 1 platform differs, 1",
        "            failed, 1 not run)",
        "  validity  pass  Before the fault the platform was healthy for 3s: 0 % of 61 requests failed,…",
        "  recovery  pass  RTO was 2.29s to 2.36s, within the target of 10m.",
        "  data      FAIL  Ledger "orders" lost 3 acknowledged writes (2-173 to 2-175), 58ms of data, more",
        "            than the objective of 0ms (2088 acknowledged, 4 of unknown fate of which 1 turned up).",
        "  criteria  pass  Criterion "Error rate back at its baseline": met, 0 % of probe "writes" failed in…",
        "  runbook   FAIL  "patroni list" fails as written: it exited with 127.",
        "  cleanup   pass  The platform was taken down and left nothing behind.",
        "  steps     line 144 failed: patroni list",
        "            line 152 corrected: curl http://prom:9090/api/v1/query?query=rate(errors{status=~'5..'}…",
        "            line 157 not run: restore-manager restore <backup-id>",
        "            and 1 more not as written",
        "  note      The service had to hold for 3s here: a relapse after that would not show. Real drills…",
        "  report    reports/a/report.html",
      ]
    `);
    expect(lines.length).toBeLessThanOrEqual(18);
  });

  it.each([40, 60, 80, 132])('fits %i columns', (width) => {
    for (const line of verdictLines(judged(), { width, color: false, report: `reports/${'x'.repeat(90)}` })) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  it('has colours only when asked, and the same words with them', () => {
    const plain = verdictLines(judged(), { width: 80, color: false });
    const colored = verdictLines(judged(), { width: 80, color: true });
    expect(plain.join('')).not.toContain(esc);
    expect(colored[0]).toContain(esc);
    expect(colored.map(stripVTControlCharacters)).toEqual(plain);
  });

  it('lets no escape sequence of a finding through', () => {
    const evil = judged().findings.map((finding) => ({
      ...finding,
      message: `${esc}]0;owned\u0007${esc}[2J${finding.message}\nPASS`,
    }));
    expect(verdictLines(judgedBy(evil), { width: 200, color: false }).join('\n')).not.toContain(esc);
  });

  it('does not invent figures', () => {
    const lines = verdictLines(judgedBy([]), { width: 80, color: false });
    expect(lines[1]).toBe('  RTO       not measured  (target 10m)');
    expect(lines[2]).toBe('  RPO       not measured  (no ledger was read back)');
  });
});
