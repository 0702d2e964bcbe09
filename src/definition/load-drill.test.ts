import { describe, expect, it } from 'vitest';
import {
  changed,
  errorsOf,
  formatted,
  loaded,
  memoryFiles,
  options,
  plansOf,
  project,
} from '../../test/definition/example.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { lintProject } from './load-drill.ts';
import { loadProject } from './load-project.ts';

const drill = 'drills/store-loss.yaml';
const runbook = 'runbooks/store.md';

describe('planByName', () => {
  it('says which drills there are', async () => {
    expect(await errorsOf(project, 'store-los')).toEqual([
      'drills: there is no drill "store-los"; did you mean "store-loss"?',
    ]);
    expect(await errorsOf(project, 'zzz')).toEqual(['drills: there is no drill "zzz"; there are store-loss']);
    expect(await errorsOf({}, 'zzz')).toEqual(['drills: there is no drill "zzz"; there are none']);
  });

  it('says where a name stands that no file has', async () => {
    const broken = changed(
      drill,
      'platform: shop',
      'platform: shp',
      changed(drill, 'scenario: store-loss', 'scenario: store-los'),
    );
    expect(await errorsOf(changed(drill, 'runbook: store.md', 'runbook: stre.md', broken))).toEqual([
      'drills/store-loss.yaml:3:11: there is no scenario "store-los"; did you mean "store-loss"?',
      'drills/store-loss.yaml:4:11: there is no platform "shp"; did you mean "shop"?',
      'drills/store-loss.yaml:5:10: there is no runbook "stre.md" in runbooks; did you mean "store.md"?',
    ]);
  });

  it('says all errors of all files of a drill at once', async () => {
    const broken = changed(
      'platforms/shop.yaml',
      'port: 8000',
      'port: many',
      changed('scenarios/store-loss.yaml', 'title:', 'titel:'),
    );
    expect(await errorsOf({ ...broken, [runbook]: '' })).toEqual([
      'platforms/shop.yaml:10:11: expected a number, found "many"',
      'runbooks/store.md:1:1: the file is empty',
      'scenarios/store-loss.yaml:2:1: there is no key "titel" here; did you mean "title"?',
    ]);
  });

  it.each([
    [
      'binary',
      { kind: 'bytes', bytes: new Uint8Array([0x23, 0x0a, 0x00]) } as const,
      'runbooks/store.md:2:1: the file is binary (it has a NUL byte); expected UTF-8 text',
    ],
    [
      'not UTF-8',
      { kind: 'bytes', bytes: new Uint8Array([0x23, 0x0a, 0xff]) } as const,
      'runbooks/store.md:2:1: the file is not UTF-8; save it as UTF-8 text',
    ],
    [
      'a folder',
      { kind: 'unreadable', reason: 'it is a folder' } as const,
      'runbooks/store.md: the file cannot be read: it is a folder',
    ],
    [
      'without headings',
      'hello',
      'drills/store-loss.yaml:12:14: the runbook runbooks/store.md has no section "Promote"',
    ],
  ])('says that a runbook is %s', async (_, content, message) => {
    expect(await errorsOf({ ...project, [runbook]: content }, 'store-loss/late')).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it.each(['../secret.md', '/etc/passwd', 'a/../../b.md'])(
    'reads no runbook outside its folder: %s',
    async (path) => {
      const errors = await errorsOf(
        changed(drill, 'runbook: store.md', `runbook: ${path}`),
        'store-loss/late',
      );
      expect(errors).toEqual([
        `drills/store-loss.yaml:5:10: "${path}" leads out of the runbooks folder; expected a file name in runbooks`,
      ]);
    },
  );

  it('takes runbooks and a platform from elsewhere', async () => {
    const { [runbook]: text = '', 'platforms/shop.yaml': shop = '', ...rest } = project;
    const moved = {
      ...rest,
      'elsewhere/store.md': text,
      'mine/own.yaml': (shop as string).replace('platform: shop', 'platform: own'),
    };
    const [plan] = await plansOf(moved, { runbooks: 'elsewhere', platformFile: 'mine/own.yaml' });
    expect(plan?.runbook?.file).toBe('elsewhere/store.md');
    expect(plan?.platform).toMatchObject({ platform: 'own', baseDir: '/project/mine' });
  });

  it('needs no runbook without a procedure', async () => {
    const text = project[drill] as string;
    const bare = text.slice(0, text.indexOf('  - procedure')) + text.slice(text.indexOf('  - until'));
    const [plan] = await plansOf({ ...project, [drill]: bare.replace('runbook: store.md\n', '') });
    expect(plan?.runbook).toBeNull();
  });

  it('plans what the parser makes of the runbook', async () => {
    const [plan] = await plansOf(project);
    expect(plan?.runbook?.title).toBe(parseRunbook(project[runbook] as string).title);
  });
});

describe('loadProject', () => {
  it('finds the folders that drillbook.yaml names', async () => {
    const { [drill]: text = '', ...rest } = project;
    expect(
      await plansOf({ ...rest, 'drillbook.yaml': 'drills: practice\n', 'practice/store-loss.yml': text }),
    ).toHaveLength(2);
  });

  it('says what is wrong with drillbook.yaml', async () => {
    const result = await loadProject(memoryFiles({ 'drillbook.yaml': 'drils: x\nreports: [y]\n' }));
    expect('errors' in result && formatted(result.errors)).toEqual([
      'drillbook.yaml:1:1: there is no key "drils" here; did you mean "drills"?',
      'drillbook.yaml:2:10: expected text, found a list',
    ]);
  });

  it('wants one name for one thing', async () => {
    expect(await errorsOf(changed(drill, 'drill: store-loss', 'drill: store-gone'))).toEqual([
      'drills/store-loss.yaml:1:8: the file is named "store-loss" and the drill in it "store-gone"; expected the same name',
    ]);
  });
});

describe('lintProject', () => {
  it('says nothing of a project that is right', async () =>
    expect(await lintProject(await loaded(project), options)).toEqual([]));

  it('says everything of all files, once, also of those that no drill uses', async () => {
    const broken = {
      ...changed(drill, 'rejoin: db-1', 'rejoin: db-9'),
      'platforms/unused.yaml': 'platform: unused',
      'platforms/lonely.yaml': 'platform: lonely\nenvironment: local\ncomponents: {}\nroles: { a: b }\n',
    };
    expect(formatted(await lintProject(await loaded(broken), options))).toEqual([
      'drills/store-loss.yaml:25:13: the platform shop has no role, component or instance "db-9"; did you mean "db-1"?',
      'platforms/lonely.yaml:4:13: the platform lonely has no component or instance "b"; it has none',
      'platforms/unused.yaml:1:1: "environment" is missing; expected "local", "containers", "kind" or "context"',
      'platforms/unused.yaml:1:1: "components" is missing; expected a mapping',
    ]);
  });
});
