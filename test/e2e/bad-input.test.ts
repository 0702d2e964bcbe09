import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../drill-process.ts';

const shop = fileURLToPath(new URL('../sabotage/project', import.meta.url));

/** A project of its own for each test, to break. */
let project = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'drillbook-bad-'));
  await cp(shop, project, { recursive: true });
});
afterEach(() => rm(project, { recursive: true, force: true }));

const at = (...path: string[]) => join(project, ...path);
const drillbook = (...args: string[]) => cli(args, { cwd: project });

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(at(file), 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(at(file), changed);
}

/** A sentence and exit 3: no stack, nothing started. */
async function expectRefused(args: readonly string[], ...says: readonly (string | RegExp)[]): Promise<void> {
  const { exitCode, stdout, stderr } = await drillbook(...args);
  for (const words of says) expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(stderr).not.toContain('defect of drillbook');
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
}

describe('what is typed', () => {
  it('an unknown drill: the nearest name', () =>
    expectRefused(['run', 'shop-los'], 'there is no drill "shop-los"', 'did you mean "shop-loss"'));
  it('an unknown variant', () =>
    expectRefused(['run', 'shop-loss/flap'], 'no variant "flap"', 'did you mean "flaps"'));
  it('an unknown command', () => expectRefused(['rum'], /did you mean run/i));
  it('an unknown option', () => expectRefused(['run', '--varbose'], /unknown argument.*varbose/i));
  it('a date that is none', () =>
    expectRefused(['run', 'shop-loss', '--today', '2026-02-30'], '--today 2026-02-30 is no date'));
  it('questions without a terminal', () =>
    expectRefused(['run', 'shop-loss', '--interactive'], 'standard input is none'));
  it('a reports folder below a file', () =>
    expectRefused(
      ['run', 'shop-loss/healthy', '--out', at('drillbook.yaml', 'reports')],
      'ENOTDIR',
      'check the name',
    ));
  it('a run that is not there', () =>
    expectRefused(['report', '20260101-nothing'], 'there is no run 20260101-nothing'));
  it('a journal that is none', async () => {
    await writeFile(at('journal.ndjson'), 'nothing of the kind\n');
    await expectRefused(['report', at('journal.ndjson')], /journal/i);
  });
  it('a drill for another environment', () =>
    expectRefused(['run', 'shop-loss', '--environment', 'kind'], 'shop-loss runs on local'));
});

describe('a runbook', () => {
  it('that is missing', () =>
    expectRefused(['run', 'shop-loss', '--runbooks', at('drills')], 'there is no runbook "shop.md"'));
  it('that is empty', async () => {
    await writeFile(at('runbooks/shop.md'), '');
    await expectRefused(['run', 'shop-loss'], 'shop.md', 'the file is empty');
  });
  it('that is binary', async () => {
    await copyFile(process.execPath, at('runbooks/shop.md'));
    await expectRefused(['run', 'shop-loss'], 'shop.md');
  });
  it('that is not UTF-8', async () => {
    await writeFile(at('runbooks/shop.md'), Buffer.from('# Shop\n\nb\xfccher\n', 'latin1'));
    await expectRefused(['run', 'shop-loss'], 'shop.md:3', 'not UTF-8');
  });
  it('without the section', async () => {
    await edit('runbooks/shop.md', (text) => text.replace('### Actions', '### Deeds'));
    await expectRefused(['run', 'shop-loss'], /drills\/shop-loss\.yaml:\d+:\d+/, 'Actions', 'Deeds');
  });
  it('where a step means two commands', async () => {
    await edit('runbooks/shop.md', (text) =>
      text.replace('shopctl start-standby', 'shopctl start-standby --now\nshopctl start-standby --again'),
    );
    await expectRefused(['run', 'shop-loss'], /drills\/shop-loss\.yaml:\d+:\d+/, /13.*14/s);
  });
});

describe('a definition', () => {
  it('with an unknown key', async () => {
    await edit('drills/shop-loss.yaml', (text) => text.replace('settle:', 'setle:'));
    await expectRefused(['run', 'shop-loss'], 'drills/shop-loss.yaml:8:1', 'did you mean "settle"');
  });
  it('with several mistakes: all at once', async () => {
    await edit('drills/shop-loss.yaml', (text) =>
      text.replace('hold: 1s', 'hold: soon').replace('- inject: shop-killed', '- inject: shop-kiled'),
    );
    await edit('platforms/shop.yaml', (text) => text.replace('role: shop, path', 'role: shp, path'));
    await expectRefused(['run', 'shop-loss'], /shop-loss\.yaml:7:\d+: expected a duration/);
    await edit('drills/shop-loss.yaml', (text) => text.replace('hold: soon', 'hold: 1s'));
    await expectRefused(['run', 'shop-loss'], 'did you mean "shop-killed"', 'did you mean "shop"');
  });
  it('that is an alias bomb', async () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) =>
        `x${i}: &x${i} [${Array(9)
          .fill(i === 0 ? 'y' : `*x${i - 1}`)
          .join(', ')}]`,
    ).join('\n');
    await writeFile(at('drills/shop-loss.yaml'), `${bomb}\n`);
    await expectRefused(['run', 'shop-loss'], 'shop-loss.yaml');
  });
  it('that goes round in a circle', async () => {
    await writeFile(at('drills/shop-loss.yaml'), 'drill: &a\n  title: *a\n');
    await expectRefused(['run', 'shop-loss'], 'shop-loss.yaml');
  });
  it('of the project itself', async () => {
    await writeFile(at('drillbook.yaml'), 'drils: drills\n');
    await expectRefused(['run'], 'drillbook.yaml:1:1', 'did you mean "drills"');
  });
  it('with a platform that is elsewhere', () =>
    expectRefused(['run', 'shop-loss', '--platform', at('nowhere.yaml')], 'nowhere.yaml', 'no such file'));
});

describe('the machine', () => {
  it('with the port taken', async () => {
    const server = createServer().listen(0, '0.0.0.0');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await edit('platforms/shop.yaml', (text) => text.replace('port: 7000', `port: ${port}`));
    try {
      await expectRefused(['run', 'shop-loss/healthy'], `port ${port}`);
    } finally {
      server.close();
    }
  });
  it('with a component that cannot start: inconclusive, with the end of its log', async () => {
    await edit('services/shop.ts', () => "console.error('no licence'); process.exit(7);\n");
    await mkdir(at('out'));
    const { exitCode, stderr } = await drillbook('run', 'shop-loss/healthy', '--out', at('out'));
    expect(stderr).toContain('no licence');
    expect(exitCode).toBe(2);
  });
});
