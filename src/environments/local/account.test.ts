import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canReach, unprivilegedAccount } from './account.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp('/tmp/drillbook-test-');
  await mkdir(join(folder, 'home'));
  await writeFile(join(folder, 'home', 'file'), '');
  await chmod(folder, 0o755);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('unprivilegedAccount', () => {
  it('is somebody without rights for root, and nobody else for an ordinary user', async () => {
    const account = await unprivilegedAccount();
    if (process.getuid?.() === 0) expect(account?.uid).toBeGreaterThan(0);
    else expect(account).toBe(null);
  });
});

describe('canReach', () => {
  const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };

  it('says no to what lies in a closed home', async () => {
    const file = join(folder, 'home', 'file');
    await chmod(join(folder, 'home'), 0o755);
    await chmod(file, 0o644);
    expect(await canReach(stranger, file)).toBe(true);
    await chmod(join(folder, 'home'), 0o700);
    expect(await canReach(stranger, file)).toBe(false);
    expect(await canReach({ ...stranger, uid: Number(process.getuid?.()) }, file)).toBe(true);
  });

  it('says no to what is not there', async () => {
    expect(await canReach(stranger, join(folder, 'none'))).toBe(false);
    expect(await canReach(null, join(folder, 'none'))).toBe(false);
  });
});
