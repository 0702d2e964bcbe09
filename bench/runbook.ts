import { readFileSync } from 'node:fs';
import { parseRunbook } from '../src/runbook/index.ts';
import type { Measured } from './table.ts';

const megabyte = 1_000_000;
const limitMs = 1000;
/** The best of these counts: whatever else the machine does can only add to a run. */
const runs = 3;

/** Reads 1 MB of Markdown of different kinds. */
export async function benchRunbook(): Promise<Measured[]> {
  const folder = new URL('../fixtures/runbooks/', import.meta.url);
  const runbooks = ['complete-platform-outage.md', 'dr-playbook-cloud-mcp.md'].map((name) =>
    readFileSync(new URL(name, folder), 'utf8'),
  );
  return [
    measure('our runbooks, again and again', runbooks.join('\n\n')),
    measure(
      'check lists',
      `${'- [ ] Look at `kubectl get pods -n x` in <region>\n'.repeat(20)}\n## Next\n\n`,
    ),
    measure('one fence', 'kubectl get pods -l app=x | grep \'y\' && \\\n  echo "$Z"\n', '```bash\n'),
    measure('fences in lists', '1. Do this:\n\n   ```bash\n   kubectl get pods\n   ```\n'),
    measure(
      'prose',
      `${'The quick brown fox jumps over the *lazy* dog and every 5 minutes [back](x).\n'.repeat(5)}\n`,
    ),
    measure('tables', '| Issue | Symptoms | Fix |\n|---|---|---|\n| a | b | `kubectl get x` |\n\n'),
    measure('one line', 'a `b` <c> *d* [E] '),
    measure('open quotations', "if x 'y\n", '```sh\n'),
  ];
}

function measure(kind: string, piece: string, start = ''): Measured {
  const text = start + piece.repeat(Math.ceil(megabyte / piece.length));
  const ms = Math.min(...Array.from({ length: runs }, () => timeOf(() => parseRunbook(text))));
  return {
    name: `parse 1 MB of Markdown: ${kind}`,
    value: Math.round(ms),
    unit: 'ms',
    limit: `< ${limitMs} ms`,
    ok: ms < limitMs,
  };
}

function timeOf(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}
