import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedPaths } from './run-folder.ts';
import { callsOf, toolNotes } from './toolbox-programs.ts';

describe('calls of stand-ins', () => {
  let runDir: string;
  const tools = { kubectl: { replacement: 'kubectl' }, aws: { 'stand-in': 'aws' }, ctl: { own: 'ctl' } };

  beforeAll(async () => {
    runDir = await mkdtemp(join(tmpdir(), 'drillbook-calls-'));
    await mkdir(sharedPaths(runDir).calls, { recursive: true });
  });
  afterAll(() => rm(runDir, { recursive: true }));

  it('are those of a session, and those of nobody knows which, once', async () => {
    const calls = callsOf(tools, runDir);
    const left = (name: string, text: string) => writeFile(join(sharedPaths(runDir).calls, name), text);
    await left('a.1.', 'kubectl\nkubectl\n');
    await left('b.1.', 'aws\n');
    await left('any', 'aws\nctl\nsomething\n');
    expect(calls?.variables('a.1.')).toEqual({ DRILLBOOK_CALLS: '/run/drillbook/calls/a.1.' });
    expect(await calls?.taken('a.1.')).toEqual(['kubectl', 'aws']);
    expect(await calls?.taken('a.1.')).toEqual([]);
    expect(await readdir(sharedPaths(runDir).calls)).toEqual(['b.1.']);
  });

  it('are not looked for where no tool has one', () => {
    expect(callsOf({ curl: 'system', ctl: { own: 'ctl' } }, runDir)).toBeUndefined();
  });
});

describe('notes of tools', () => {
  it('say what is no real client', () => {
    const tools = { kubectl: { replacement: 'kubectl' }, aws: { program: 'aws2', 'stand-in': 'aws' } };
    expect(toolNotes({ ...tools, ctl: { own: 'ctl' }, psql: {}, dig: { 'not-here': 'no DNS' } })).toEqual([
      'kubectl: a stand-in (replaced by the platform); its steps count as not proved',
      "aws: a stand-in where the toolbox's image has no aws2; its steps then count as not proved",
      "ctl: the platform's own program",
      'dig: no DNS; commands that need it are not run',
    ]);
  });
});
