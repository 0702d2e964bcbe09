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
    const name = await builtName({ build: context }, folder);
    expect(name).toMatch(/^drillbook\/patroni:[0-9a-f]{16}$/);
    await mkdir(join(folder, 'elsewhere'));
    await cp(context, join(folder, 'elsewhere', 'patroni'), { recursive: true });
    await utimes(join(context, 'Dockerfile'), 0, 0);
    expect(await builtName({ build: 'elsewhere/patroni' }, folder)).toBe(name);
    expect(await builtName({ build: context }, folder)).toBe(name);
  });

  it.each([
    ["a file's content", () => writeFile(join(context, 'lib', 'run.sh'), 'false\n')],
    ["a file's name", () => rename(join(context, 'lib', 'run.sh'), join(context, 'lib', 'ran.sh'))],
    ['what may be executed', () => chmod(join(context, 'lib', 'run.sh'), 0o755)],
    ['another file', () => writeFile(join(context, 'more'), '')],
  ])('changes with %s', async (_, change) => {
    const before = await builtName({ build: context }, folder);
    await change();
    expect(await builtName({ build: context }, folder)).not.toBe(before);
  });

  it('needs a folder with a Dockerfile', async () => {
    await expect(builtName({ build: 'none' }, folder)).rejects.toThrow(
      /^there is no folder .*none to build an image/,
    );
    await expect(builtName({ build: 'Patroni/lib' }, folder)).rejects.toThrow(/lib has no Dockerfile/);
  });

  describe('with further files', () => {
    const include = { 'app/code': 'code', 'app/release.json': 'release.json' };
    const named = (more: Readonly<Record<string, string>> = include) =>
      builtName({ build: 'Patroni', include: more }, folder);
    beforeEach(async () => {
      await mkdir(join(folder, 'code', 'lib'), { recursive: true });
      await writeFile(join(folder, 'code', 'lib', 'main.js'), 'run();\n');
      await writeFile(join(folder, 'release.json'), '{}\n');
    });

    it('is another one, and the same wherever they come from', async () => {
      const name = await named();
      expect(name).not.toBe(await named({}));
      await cp(join(folder, 'code'), join(folder, 'copy'), { recursive: true });
      expect(await named({ 'app/code/': 'copy', 'app/release.json': 'release.json' })).toBe(name);
    });

    it.each([
      ['their content', () => writeFile(join(folder, 'code', 'lib', 'main.js'), 'stop();\n')],
      ['their names', () => rename(join(folder, 'code', 'lib'), join(folder, 'code', 'source'))],
    ])('changes with %s', async (_, change) => {
      const before = await named();
      await change();
      expect(await named()).not.toBe(before);
    });

    it('changes with where they are put', async () => {
      expect(await named({ app: 'code' })).not.toBe(await named({ programs: 'code' }));
    });

    it('may have its Dockerfile among them, and changes with it', async () => {
      await mkdir(join(folder, 'release'));
      await writeFile(join(folder, 'release', 'release.json'), '{}\n');
      const release = () =>
        builtName({ build: 'release', include: { Dockerfile: 'Patroni/Dockerfile' } }, folder);
      const name = await release();
      expect(name).toMatch(/^drillbook\/release:[0-9a-f]{16}$/);
      await writeFile(join(context, 'Dockerfile'), 'FROM scratch\n');
      expect(await release()).not.toBe(name);
    });

    it('says which of them is not there, or is there twice', async () => {
      await expect(named({ app: 'nothing' })).rejects.toThrow(
        /^there is no .*nothing, which the build context is to have as app: correct "include"/,
      );
      await expect(named({ Dockerfile: 'release.json' })).rejects.toThrow(
        /would have Dockerfile twice, from .* and from .*/,
      );
    });
  });
});
