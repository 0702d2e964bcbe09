import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AuditedLedger } from './ledger-audit.ts';
import type { Measured } from './table.ts';

const program = fileURLToPath(new URL('./ledger-audit.ts', import.meta.url));

const sizes = [
  { writes: 1_000_000, words: '1 M', mostSeconds: 1, mostMb: 200 },
  { writes: 10_000_000, words: '10 M', mostSeconds: 10, mostMb: null },
] as const;

/**
 * The ledger check over a Timeline of that many writes, lost ones, ones of unknown fate and two time lines among them.
 * Each size in a process of its own; memory is its peak less what it had before the first write was there.
 */
export async function benchLedger(): Promise<readonly Measured[]> {
  const rows: Measured[] = [];
  for (const { writes, words, mostSeconds, mostMb } of sizes) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', program, `${writes}`]);
    const { checkSeconds, fillSeconds, extraMb } = JSON.parse(stdout) as AuditedLedger;
    const name = `ledger check of ${words} writes`;
    rows.push(
      { name, value: checkSeconds, unit: 's', limit: `≤ ${mostSeconds} s`, ok: checkSeconds <= mostSeconds },
      { name: `${name}, filling the Timeline`, value: fillSeconds, unit: 's', limit: null, ok: true },
      {
        name: `${name}, memory with the Timeline`,
        value: extraMb,
        unit: 'MB',
        limit: mostMb === null ? null : `≤ ${mostMb} MB`,
        ok: mostMb === null || extraMb <= mostMb,
      },
    );
  }
  return rows;
}
