import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProject, ProjectError, packageFolder, projectFiles } from './project-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('findProject', () => {
  it('looks upwards from the working folder', async () => {
    await writeFile(join(folder, 'drillbook.yaml'), '{}');
    await mkdir(join(folder, 'a/b'), { recursive: true });
    expect(await findProject(join(folder, 'a/b'))).toEqual({ root: folder, isPackage: false });
  });

  it('falls back to the package itself', async () => {
    expect(await findProject(folder)).toEqual({ root: packageFolder, isPackage: true });
    expect(await findProject(join(packageFolder, 'src'))).toEqual({ root: packageFolder, isPackage: true });
  });

  it('does not take a folder of that name for a project', async () => {
    await mkdir(join(folder, 'drillbook.yaml'));
    expect((await findProject(folder)).isPackage).toBe(true);
  });
});

describe('projectFiles', () => {
  const text = (content: { kind: string; bytes?: Uint8Array }) =>
    content.bytes === undefined ? content : new TextDecoder().decode(content.bytes);

  it('reads what is there and says what is not', async () => {
    await writeFile(join(folder, 'a.yaml'), 'a: 1');
    await symlink('loop', join(folder, 'loop'));
    const files = projectFiles(folder, folder);
    expect(text(await files.read('a.yaml'))).toBe('a: 1');
    expect(text(await files.read(join(folder, 'a.yaml')))).toBe('a: 1');
    expect(await files.read('b.yaml')).toEqual({ kind: 'missing' });
    expect(await files.read('a.yaml/b')).toEqual({ kind: 'missing' });
    expect(await files.read('.')).toEqual({ kind: 'unreadable', reason: 'it is a folder' });
    expect(await files.read('loop')).toEqual({
      kind: 'unreadable',
      reason: 'its symbolic links go in a circle',
    });
    expect(await files.read('x'.repeat(5000))).toEqual({
      kind: 'unreadable',
      reason: 'its name is too long',
    });
    expect(await files.read('/dev/zero')).toEqual({ kind: 'unreadable', reason: 'it is no plain file' });
  });

  it('reads nothing that is too large', async () => {
    await writeFile(join(folder, 'large'), new Uint8Array(8_000_001));
    expect(await projectFiles(folder, folder).read('large')).toEqual({
      kind: 'unreadable',
      reason: 'it has 8000001 bytes, and the most is 8000000',
    });
  });

  it('lists plain files by name', async () => {
    await Promise.all(['b.yaml', 'a.yaml'].map((name) => writeFile(join(folder, name), '')));
    await mkdir(join(folder, 'c'));
    const files = projectFiles(folder, folder);
    expect(await files.list('.')).toEqual(['a.yaml', 'b.yaml']);
    expect(await files.list('nowhere')).toBeNull();
    await symlink('loop', join(folder, 'loop'));
    await expect(files.list('loop')).rejects.toThrow(ProjectError);
  });

  it('tells of files as seen from the working folder', () => {
    expect(projectFiles('/p', '/p').label('drills/a.yaml')).toBe('drills/a.yaml');
    expect(projectFiles('/p', '/p/drills').label('scenarios/a.yaml')).toBe('../scenarios/a.yaml');
    expect(projectFiles('/p', '/q/r/s/t').label('a.yaml')).toBe('/p/a.yaml');
    expect(projectFiles('/p', '/p').label('')).toBe('.');
  });
});
