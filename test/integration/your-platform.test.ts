import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, type TypedPage, typePage } from './typed-page.ts';

const example = join(checkout, 'examples/your-platform');
const files = [
  'drillbook.yaml',
  'platforms/shelf.yaml',
  'runbooks/shelf.md',
  'scenarios/store-loss.yaml',
  'drills/store-loss.yaml',
  'services/shelf.mjs',
];

describe('docs/your-platform.md', () => {
  let typed: TypedPage;

  beforeAll(async () => {
    typed = await typePage('your-platform.md');
  });

  afterAll(() => typed.remove());

  it('works as typed', () => {
    expect(typed.stderr).toBe('');
    expect(typed.exitCode).toBe(0);
    expect(typed.stdout).toContain('curl -fsS -X POST http://shelf:7000/active/store-b');
    expect(typed.stdout).toContain('no errors');
    expect(typed.stdout).toContain('inject store-killed: kill store by SIGKILL');
  });

  it.each(files)('makes %s as it is in the example', async (file) => {
    const [made, kept] = await Promise.all(
      [join(typed.home, 'shelf', file), join(example, file)].map((path) => readFile(path, 'utf8')),
    );
    expect(made).toBe(kept);
  });
});
