import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { engineAvailable } from '../containers/engine.ts';

const run = promisify(execFile);
const withinMs = 10_000;

/**
 * What keeps tests from making clusters with kind, in plain words; null: nothing. Tests of this tier use
 * `describe.runIf(whyNoKind === null)`: without kind they are reported as skipped.
 */
export const whyNoKind: string | null = await whyNone();
if (whyNoKind !== null) console.warn(`KIND TIER SKIPPED: ${whyNoKind}`);

async function whyNone(): Promise<string | null> {
  if (!engineAvailable) return 'no container engine answers';
  if (!(await succeeds('kind', ['version']))) return 'there is no program "kind" on the PATH';
  for (const image of nodeImages())
    if (!(await succeeds('docker', ['image', 'inspect', '--format', '{{.Id}}', image])))
      return `the engine has no image ${image}: pull it`;
  return null;
}

/** Those of the clusters that tests make. */
function nodeImages(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, 'platform', 'kind.yaml'), 'utf8');
  const documents = parseAllDocuments(text);
  const clusters = 'empty' in documents ? [] : documents.map((document) => document.toJS());
  const nodes = (clusters as { nodes?: { image?: string }[] }[]).flatMap((cluster) => cluster.nodes ?? []);
  return [...new Set(nodes.flatMap(({ image }) => image ?? []))];
}

function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, [...args], { timeout: withinMs }).then(
    () => true,
    () => false,
  );
}
