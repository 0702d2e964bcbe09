import type { LintFinding, LintRule } from './finding.ts';
import { linesOf } from './uses.ts';

/** `pg_waldump` takes the first and last segment; a folder goes into `--path`. */
export const walDumpOfFolder: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter(
      ({ program, args }) =>
        program === 'pg_waldump' &&
        args.some((arg, i) => isFolder(arg) && !/^(?:-p|--path)$/.test(args[i - 1] ?? '')),
    )
    .map((use) => ({
      rule: 'pg-waldump-folder',
      severity: 'error',
      message:
        'pg_waldump reads WAL segments, not a folder ("Is a directory", exit 1), and it says nothing about the integrity of the data',
      lines: linesOf(use),
      instead:
        'pg_checksums --check -D <data folder> on the stopped server (where checksums are on), or pg_amcheck on a running one',
    }));

function isFolder(arg: string): boolean {
  return !arg.startsWith('-') && (arg.endsWith('/') || /\/pg_(?:wal|xlog)$/.test(arg));
}
