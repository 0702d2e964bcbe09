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

interface Tier {
  readonly name: string;
  /** The innermost one that a file is in is its tier's. */
  readonly folder: string;
  /** Runs without what the tier needs, too: it tells what is said then. */
  readonly without?: string;
}

/** Beside the unit tests. All but the first need more than every machine has. */
const tiers: readonly Tier[] = [
  { name: 'platform', folder: 'test/' },
  { name: 'container', folder: 'test/containers/', without: 'test/containers/engine.test.ts' },
  { name: 'kind', folder: 'test/kind/' },
];

const didRun = (status: string) => status === 'passed' || status === 'failed';

/**
 * What became of each tier, in plain words: how many of their tests ran, and which of their files
 * were skipped as a whole.
 * @param whyNone why what they need is not there, where that is known
 */
export function tiersInWords(results: TestResults, root: string, whyNone = ''): readonly string[] {
  return tiers.flatMap((tier) => tierInWords(tier, results, root, whyNone));
}

function tierInWords(
  { name, folder, without }: Tier,
  { testResults }: TestResults,
  root: string,
  whyNone: string,
): readonly string[] {
  const loud = name.toUpperCase();
  const files = testResults
    .map(({ name, assertionResults }) => ({
      file: relative(root, name),
      statuses: assertionResults.map(({ status }) => status),
    }))
    .filter(({ file }) => tierOf(file)?.folder === folder);
  const all = files.flatMap(({ statuses }) => statuses);
  const skipped = all.filter((status) => !didRun(status)).length;
  if (files.length === 0) return [`${loud} TIER NOT RUN: none of its tests were collected.`];
  if (skipped === 0) return [`The ${name} tier ran: ${all.length} tests.`];
  if (files.some(({ file, statuses }) => file !== without && statuses.some(didRun)))
    return [
      `The ${name} tier ran: ${all.length - skipped} of ${all.length} tests. The other ${skipped} run with DRILLBOOK_FULL=1.`,
    ];
  const whole = files.filter(({ statuses }) => statuses.length > 0 && !statuses.some(didRun));
  return [
    `${loud} TIER SKIPPED: ${skipped} of ${all.length} tests did not run${whyNone === '' ? '' : `: ${whyNone}`}.`,
    ...whole.map(({ file, statuses }) => `  skipped: ${file} (${statuses.length} tests)`),
  ];
}

function tierOf(file: string): Tier | undefined {
  return tiers.findLast(({ folder }) => file.startsWith(folder));
}

/** `node test/tiers.ts RESULTS.json [WHY]`, as `.ci/run` calls it. */
async function main([results = '', whyNone = '']: readonly string[]): Promise<void> {
  const read = JSON.parse(await readFile(results, 'utf8')) as TestResults;
  process.stdout.write(`${tiersInWords(read, process.cwd(), whyNone).join('\n')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
