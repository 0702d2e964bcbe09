import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestToolbox, type TestToolbox } from '../../../test/toolbox.ts';

let folder: string;
let box: TestToolbox;

/** As a platform's folder may be: readable by its owner only. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-home-test-'));
  await mkdir(join(folder, 'lib', 'sub'), { recursive: true });
  await mkdir(join(folder, 'tool', 'parts'), { recursive: true });
  const files = {
    'lib/greeting.py': 'from sub.name import name\nprint("hello", name)\n',
    'lib/sub/name.py': 'name = "platform"\n',
    'single.txt': 'one file\n',
    'tool/main.ts':
      "import { part } from './parts/part.ts';\nconsole.log(part satisfies string, ...process.argv.slice(2));\n",
    'tool/second.ts': "import { part } from './parts/part.ts';\nconsole.log('second', part);\n",
    'tool/parts/part.ts': "export const part: string = 'of several files';\n",
  };
  for (const [path, text] of Object.entries(files))
    await writeFile(join(folder, path), text, { mode: 0o600 });
  await chmod(folder, 0o700);
  box = await openTestToolbox({
    baseDir: folder,
    fill: (text, home) => text.replaceAll('@home@', home),
    tools: {
      python: {
        program: 'python3',
        copies: { 'lib/python': 'lib', 'etc/one.txt': 'single.txt' },
        env: { PYTHONPATH: '@home@/lib/python', PYTHONDONTWRITEBYTECODE: '1' },
      },
      several: { own: 'tool', files: { 'etc/where': 'home is @home@\n' } },
      second: { own: 'tool' },
      dirname: { arguments: ['@home@/x'] },
    },
  });
});
afterAll(async () => {
  await box.remove();
  await rm(folder, { recursive: true });
});

describe('the home of a toolbox', () => {
  it('has copies of files and folders that the account owns, and those of no other', async () => {
    expect(await box.output('cat ~/etc/one.txt ~/lib/python/sub/name.py')).toBe(
      'one file\nname = "platform"\n',
    );
    expect((await box.exec('echo more >>~/etc/one.txt && mkdir ~/lib/python/new')).exitCode).toBe(0);
  });

  it('is known to environments, files and arguments', async () => {
    const [home] = (await box.output('printf "%s" "$HOME"')).split('\n');
    expect(await box.output('printf "%s" "$PYTHONPATH"')).toBe(`${home}/lib/python`);
    expect(await box.output('cat ~/etc/where')).toBe(`home is ${home}\n`);
    expect(await box.output('dirname')).toBe(`${home}\n`);
  });

  it('runs a program of the platform that has several files', async () => {
    expect(await box.output('several times')).toBe('of several files times\n');
  });

  it("runs a tool's own program of a folder that has several", async () => {
    expect(await box.output('second')).toBe('second of several files\n');
  });

  it('keeps programs from being changed by commands', async () => {
    expect(await box.output('cat ../tools/several/main.ts')).not.toContain('satisfies');
    const inside = 'touch ../tools/several/new || echo x >>../tools/several/.drillbook-stripped.cjs';
    expect((await box.exec(inside)).exitCode).not.toBe(0);
  });

  const python = () => box.toolbox.tools.find(({ name }) => name === 'python');
  it("runs a module of the platform with the machine's Python, or says that there is none", async () => {
    const result = await box.exec('python -m greeting');
    if (python()?.state === 'real') expect(result).toMatchObject({ stdout: 'hello platform\n', exitCode: 0 });
    else
      expect(result.notRun).toMatchObject({
        why: 'tool-missing',
        reason: expect.stringContaining('python3'),
      });
  });
});
