import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestToolbox, testAccount } from '../../../test/toolbox.ts';
import { describeTools, missingPrograms, toolNotes } from './check.ts';

let folder: string;
const pathBefore = process.env.PATH;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-tools-test-'));
  await chmod(folder, 0o755);
  const programs = {
    answers: '#!/bin/sh\necho 1.0',
    'broken-inside': '#!/bin/sh\nexit 1',
    'needs-more': '#!/bin/sh\nenv python3 --version || python3 --version',
    'asks-version': '#!/bin/sh\n[ "$1" = version ] && echo 1',
  };
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(folder, name), `${text}\n`, { mode: 0o755 });
  await mkdir(join(folder, 'closed'), { mode: 0o700 });
  await writeFile(join(folder, 'closed', 'shut'), '#!/bin/sh\necho 1.0\n', { mode: 0o755 });
  process.env.PATH = `${join(folder, 'closed')}:${folder}:${pathBefore}`;
});
afterAll(async () => {
  process.env.PATH = pathBefore;
  await rm(folder, { recursive: true });
});

async function state(name: string, spec: Parameters<typeof describeTools>[0][string]) {
  const { tools } = await describeTools({ [name]: spec }, testAccount, '/platform');
  return tools[0];
}

describe('describeTools', () => {
  it('takes a real client that runs', async () => {
    expect(await state('answers', 'system')).toMatchObject({
      state: 'real',
      program: join(folder, 'answers'),
    });
    expect(await state('asks-version', 'system')).toMatchObject({ state: 'real' });
    expect(await state('client', { program: 'answers', 'stand-in': 'x.ts' })).toMatchObject({
      state: 'real',
    });
    expect(await state('curl', 'system')).toMatchObject({ state: 'real', path: 'toolbox' });
  });

  it('takes a stand-in for one that is there and does not run', async () => {
    const why = expect.stringContaining("does not run as the toolbox's user");
    expect(await state('broken-inside', { 'stand-in': 'x.ts' })).toEqual({
      name: 'broken-inside',
      state: 'stand-in',
      file: '/platform/x.ts',
      why,
    });
    expect(await state('broken-inside', 'system')).toMatchObject({ state: 'missing', why });
  });

  it('never looks for the real one where the platform replaces it, or has its own', async () => {
    expect(await state('answers', { replacement: 'x' })).toMatchObject({
      state: 'stand-in',
      file: '/platform/x',
    });
    expect(await state('answers', { own: 'x' })).toMatchObject({ state: 'own', file: '/platform/x' });
  });

  it('refuses a name that is a path', async () => {
    await expect(state('../x', 'system')).rejects.toThrow("cannot be a tool's name");
  });
});

describe('what is told of tools', () => {
  it('notes what is missing, what stands in, and what is not contained', async () => {
    const tools = { answers: 'system', 'not-there': 'system', nor: { 'stand-in': 'tools.test.ts' } } as const;
    const problems = await toolNotes(tools, testAccount, import.meta.dirname);
    expect(problems).toContainEqual(
      expect.objectContaining({
        what: expect.stringContaining('not-there: not-there is not installed here'),
        note: true,
      }),
    );
    expect(problems).toContainEqual(
      expect.objectContaining({ what: expect.stringContaining('nor: a stand-in'), note: true }),
    );
    expect(problems).toContainEqual(
      expect.objectContaining({ what: expect.stringContaining("the network is the machine's"), note: true }),
    );
    expect(problems.filter(({ note }) => note !== true)).toEqual([]);
  });

  it('finds files that are not where the platform says, and nothing else', async () => {
    const tools = {
      mine: { own: 'nowhere.ts' },
      other: { 'stand-in': 'tools.test.ts' },
      curl: 'system',
    } as const;
    expect(await missingPrograms(tools, import.meta.dirname)).toEqual([
      { what: expect.stringContaining('nowhere.ts'), todo: expect.any(String) },
    ]);
  });
});

describe('openToolbox', () => {
  it('says which program it cannot read, and leaves nothing open', async () => {
    await expect(openTestToolbox({ tools: { mine: { own: 'nowhere.ts' } } })).rejects.toThrow(
      /tool mine cannot be read: .*nowhere\.ts/,
    );
  });

  it('says that a folder has no program in it', async () => {
    await expect(openTestToolbox({ tools: { mine: { own: 'closed' } }, baseDir: folder })).rejects.toThrow(
      /tool mine cannot be read: .*closed: it has no main\.ts and no mine\.ts/,
    );
  });

  it('says what it cannot copy', async () => {
    const tools = { mine: { own: 'client', copies: { lib: 'no-lib' } } };
    await expect(openTestToolbox({ tools })).rejects.toThrow(/copies into .* cannot be read: .*no-lib/);
  });

  it('lets no configuration file leave the home', async () => {
    const tools = { mine: { own: 'client', files: { '../../../etc/passwd': 'x' } } };
    await expect(openTestToolbox({ tools })).rejects.toThrow("outside the toolbox's home");
    const copying = { mine: { own: 'client', copies: { '../elsewhere/x': 'client' } } };
    await expect(openTestToolbox({ tools: copying })).rejects.toThrow("outside the toolbox's home");
  });

  it.runIf(process.getuid?.() === 0)('never runs a command as root', async () => {
    await expect(openTestToolbox({ account: null })).rejects.toThrow('never runs a command as root');
    await expect(openTestToolbox({ account: { uid: 0, gid: 0 } })).rejects.toThrow(
      'never runs a command as root',
    );
  });
});
