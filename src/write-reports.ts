import { reporters } from './reporters/index.ts';
import type { Judged } from './reporters/reporter.ts';

export interface WrittenReports {
  readonly files: readonly string[];
  /** Reporters that failed, in words; the others have written theirs. */
  readonly failures: readonly string[];
}

/** Has every reporter write into the folder. One that fails (a full disk) keeps none of the others from trying. */
export async function writeReports(judged: Judged, directory: string): Promise<WrittenReports> {
  const files: string[] = [];
  const failures: string[] = [];
  for (const reporter of reporters) {
    try {
      files.push(...(await reporter.write(judged, directory)));
    } catch (error) {
      failures.push(`${reporter.name}: ${(error as Error).message}`);
    }
  }
  return { files, failures };
}
