import { chmod, cp, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtName } from './images.ts';

let folder: string;
let context: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-images-'));
  context = join(folder, 'Patroni');
  await mkdir(join(context, 'lib'), { recursive: true });
  await writeFile(join(context, 'Dockerfile'), 'FROM debian\n');
  await writeFile(join(context, 'lib', 'run.sh'), 'true\n');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the name of an image that is built', () => {
  it("is the folder's, and the same for a copy of it elsewhere, whenever its files were written", async () => {
    const name = await builtName(context);
    expect(name).toMatch(/^drillbook\/patroni:[0-9a-f]{16}$/);
    await mkdir(join(folder, 'elsewhere'));
    await cp(context, join(folder, 'elsewhere', 'patroni'), { recursive: true });
    await utimes(join(context, 'Dockerfile'), 0, 0);
    expect(await builtName(join(folder, 'elsewhere', 'patroni'))).toBe(name);
    expect(await builtName(context)).toBe(name);
  });

  it.each([
    ["a file's content", () => writeFile(join(context, 'lib', 'run.sh'), 'false\n')],
    ["a file's name", () => rename(join(context, 'lib', 'run.sh'), join(context, 'lib', 'ran.sh'))],
    ['what may be executed', () => chmod(join(context, 'lib', 'run.sh'), 0o755)],
    ['another file', () => writeFile(join(context, 'more'), '')],
  ])('changes with %s', async (_, change) => {
    const before = await builtName(context);
    await change();
    expect(await builtName(context)).not.toBe(before);
  });

  it('needs a folder with a Dockerfile', async () => {
    await expect(builtName(join(folder, 'none'))).rejects.toThrow(
      /^there is no folder .*none to build an image/,
    );
    await expect(builtName(join(context, 'lib'))).rejects.toThrow(/lib has no Dockerfile/);
  });
});
