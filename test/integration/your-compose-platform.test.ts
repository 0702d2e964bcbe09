import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, type TypedPage, typePage } from './typed-page.ts';

const example = join(checkout, 'examples/compose');
const files = [
  'drillbook.yaml',
  'platforms/guestbook.yaml',
  'runbooks/guestbook.md',
  'scenarios/redis-loss.yaml',
  'drills/redis-loss.yaml',
  'toolbox/Dockerfile',
  'compose.yaml',
  'web/server.mjs',
  'redis/Dockerfile',
];

describe('docs/your-compose-platform.md', () => {
  let typed: TypedPage;

  beforeAll(async () => {
    typed = await typePage('your-compose-platform.md');
  });

  afterAll(() => typed.remove());

  it('works as typed', () => {
    expect(typed.stderr).toBe('');
    expect(typed.exitCode).toBe(0);
    expect(typed.stdout).toContain('no errors');
    expect(typed.stdout).toContain('inject redis-killed: kill store by SIGKILL');
    expect(typed.stdout).toContain('redis-cli -h redis-replica replicaof no one');
  });

  it.each(files)('makes %s as it is in the example', async (file) => {
    const [made, kept] = await Promise.all(
      [join(typed.home, 'guestbook', file), join(example, file)].map((path) => readFile(path, 'utf8')),
    );
    expect(made).toBe(kept);
  });
});
