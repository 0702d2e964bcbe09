import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../fixtures/services/testing/processes.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const page = join(checkout, 'docs/your-platform.md');
const example = join(checkout, 'examples/your-platform');
const files = [
  'drillbook.yaml',
  'platforms/shelf.yaml',
  'runbooks/shelf.md',
  'scenarios/store-loss.yaml',
  'drills/store-loss.yaml',
  'services/shelf.mjs',
];

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

describe('docs/your-platform.md', () => {
  let home: string;
  let typed: Awaited<ReturnType<typeof run>>;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'shelf-'));
    const { PATH = '' } = process.env;
    const script = `cd checkout\n${typedCommands(await readFile(page, 'utf8'))}`;
    await checkoutWithoutSetUp(join(home, 'checkout'));
    typed = await run('bash', ['-e', '-c', script], { PATH, HOME: home }, home);
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  it('works as typed', () => {
    expect(typed.stderr).toBe('');
    expect(typed.exitCode).toBe(0);
    expect(typed.stdout).toContain('curl -fsS -X POST http://shelf:7000/active/store-b');
    expect(typed.stdout).toContain('no errors');
    expect(typed.stdout).toContain('inject store-killed: kill store by SIGKILL');
  });

  it.each(files)('makes %s as it is in the example', async (file) => {
    const [made, kept] = await Promise.all(
      [join(home, 'shelf', file), join(example, file)].map((path) => readFile(path, 'utf8')),
    );
    expect(made).toBe(kept);
  });
});
