import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** As much of vitest's JSON results as is looked at. */
export interface TestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const tier = 'test/containers/';
/** Runs without an engine, too: it tells what is said then. */
const withoutEngine = `${tier}engine.test.ts`;
const didRun = (status: string) => status === 'passed' || status === 'failed';

/**
 * What became of the tier that needs a container engine, in plain words: how many of its tests ran, and which of its files
 * were skipped as a whole.
 * @param whyNone why there is no engine, where that is known
 */
export function tierInWords({ testResults }: TestResults, root: string, whyNone = ''): readonly string[] {
  const files = testResults
    .map(({ name, assertionResults }) => ({
      file: relative(root, name),
      statuses: assertionResults.map(({ status }) => status),
    }))
    .filter(({ file }) => file.startsWith(tier));
  const all = files.flatMap(({ statuses }) => statuses);
  const skipped = all.filter((status) => !didRun(status)).length;
  if (files.length === 0) return ['CONTAINER TIER NOT RUN: none of its tests were collected.'];
  if (skipped === 0) return [`The container tier ran: ${all.length} tests.`];
  if (files.some(({ file, statuses }) => file !== withoutEngine && statuses.some(didRun)))
    return [
      `The container tier ran: ${all.length - skipped} of ${all.length} tests. The other ${skipped} run with DRILLBOOK_FULL=1.`,
    ];
  const whole = files.filter(({ statuses }) => statuses.length > 0 && !statuses.some(didRun));
  return [
    `CONTAINER TIER SKIPPED: ${skipped} of ${all.length} tests did not run${whyNone === '' ? '' : `: ${whyNone}`}.`,
    ...whole.map(({ file, statuses }) => `  skipped: ${file} (${statuses.length} tests)`),
  ];
}

/** `node test/tiers.ts RESULTS.json [WHY]`, as `.ci/run` calls it. */
async function main([results = '', whyNone = '']: readonly string[]): Promise<void> {
  const read = JSON.parse(await readFile(results, 'utf8')) as TestResults;
  process.stdout.write(`${tierInWords(read, process.cwd(), whyNone).join('\n')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
