import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stripTypes } from './stripped.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-stripped-test-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await mkdir(join(folder, 'parts'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const run = async (args: readonly string[]) => {
  const words = ['--no-warnings', ...args, join(folder, 'main.ts')];
  return (await promisify(execFile)(process.execPath, words)).stdout;
};

describe('stripTypes', () => {
  it('makes JavaScript of a program in several files, which keeps its names and lines', async () => {
    await write(
      'parts/part.ts',
      'interface A {\n  a: 1;\n}\nexport const at: string = new Error().stack ?? "";\n',
    );
    await write('main.ts', 'import { at } from "./parts/part.ts";\nconsole.log(at satisfies string);\n');
    expect(await run(await stripTypes(folder))).toContain(join('parts', 'part.ts:4:'));
    expect(await readFile(join(folder, 'main.ts'), 'utf8')).not.toContain('satisfies');
  });

  it('has Node load what is there, without another look at its types', async () => {
    await write('main.ts', 'console.log("ran");\n');
    const args = await stripTypes(folder);
    expect(await run(args)).toBe('ran\n');
    await write('main.ts', 'const one: number = 1;\n');
    await expect(run(args)).rejects.toThrow('SyntaxError');
  });

  it('leaves a program as it is of which one file cannot be stripped', async () => {
    await write('parts/part.ts', 'export enum Color { Red }\n');
    await write('main.ts', 'const one: number = 1;\n');
    expect(await stripTypes(folder)).toEqual([]);
    expect(await readFile(join(folder, 'main.ts'), 'utf8')).toContain(': number');
  });

  it('does nothing where there is no TypeScript, and lets no warning out', async () => {
    const warnings: unknown[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    expect(await stripTypes(folder)).toEqual([]);
    await write('main.ts', 'const one: number = 1;\n');
    await stripTypes(folder);
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });
});
