import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../fixtures/services/testing/processes.ts';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Several commands one after the other, on a machine that may have other things to do. */
const withinMs = 120_000;

/** What became of typing all that a page says. */
export interface TypedPage extends Awaited<ReturnType<typeof run>> {
  /** The home folder it was typed in. */
  readonly home: string;
  remove(): Promise<void>;
}

/** Types a page of `docs/` into a shell, from the checkout on. */
export async function typePage(page: string): Promise<TypedPage> {
  const home = await mkdtemp(join(tmpdir(), 'typed-'));
  const { PATH = '' } = process.env;
  const text = await readFile(join(checkout, 'docs', page), 'utf8');
  await checkoutWithoutSetUp(join(home, 'checkout'));
  const script = `cd checkout\n${typedCommands(text)}`;
  const typed = await run('bash', ['-e', '-c', script], { PATH, HOME: home }, home, withinMs);
  return { ...typed, home, remove: () => rm(home, { recursive: true, force: true }) };
}

/** Every `sh` block of the page in order, but those that run a drill: that takes a machine of its own. */
function typedCommands(markdown: string): string {
  const blocks = [...markdown.matchAll(/^(`{3,})sh\n(.*?)^\1$/gms)].map(([, , text = '']) => text);
  return blocks.filter((block) => !block.includes('drillbook run ')).join('');
}

/** The checkout as the page sees it. Its `drillbook` is the command line alone: setting up belongs to the shim's own tests. */
async function checkoutWithoutSetUp(folder: string): Promise<void> {
  await mkdir(folder);
  await symlink(join(checkout, 'examples'), join(folder, 'examples'));
  const main = join(checkout, 'src/cli/main.ts');
  const text = `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${main}' "$@"\n`;
  await writeFile(join(folder, 'drillbook'), text, { mode: 0o755 });
}
