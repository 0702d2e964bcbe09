import { describe, expect, it } from 'vitest';
import { changed, errorsOf, formatted, loaded, options, plansOf } from '../../test/definition/example.ts';
import { lintProject } from './load-drill.ts';

const file = 'platforms/small.yaml';
const onSmall = changed('drills/store-loss.yaml', 'platform: shop', 'platform: small');
const small = (text: string, more: object = {}) => ({
  ...onSmall,
  ...more,
  [file]: `platform: small\nextends: shop.yaml\n${text}`,
});

describe('a platform that extends another', () => {
  it('is a merge patch on it, and its plan has both together', async () => {
    const text = `components:
  api: { port: 8001, env: { PASSWORD: null, MODE: small } }
  extra: { command: "\${node} ../extra.js" }
probes: { ready: null, api-ready: { path: /health } }
`;
    const texts = changed(
      'platforms/shop.yaml',
      'probes:',
      'probes:\n  ready: { kind: exec, command: x }',
      small(text),
    );
    const [plan] = await plansOf(texts);
    expect(plan?.platform).toMatchObject({
      platform: 'small',
      extends: 'shop.yaml',
      baseDir: '/project/platforms',
      environment: 'local',
    });
    const { components, probes } = plan?.platform ?? {};
    expect(components?.api).toMatchObject({ port: 8001, ready: { http: '/ready' }, env: { MODE: 'small' } });
    expect(Object.keys(components ?? {})).toEqual(['store', 'api', 'extra']);
    expect(Object.keys(probes ?? {})).toEqual(['api-ready', 'lag']);
    expect(JSON.stringify(components)).not.toContain('PASSWORD');
  });

  it('can be extended itself', async () => {
    const texts = small('components: { api: { port: 8001 } }', {
      'platforms/smaller.yaml':
        'platform: smaller\nextends: small.yaml\ncomponents: { api: { ready: { http: /up } } }',
      'drills/store-loss.yaml': changed('drills/store-loss.yaml', 'platform: shop', 'platform: smaller')[
        'drills/store-loss.yaml'
      ],
    });
    const [plan] = await plansOf(texts);
    expect(plan?.platform.components.api).toMatchObject({ port: 8001, ready: { http: '/up' } });
  });

  it.each([
    [
      'its own values',
      'components: { api: { port: many } }',
      `${file}:3:28: expected a number, found "many"`,
    ],
    [
      'its own keys',
      'componets: {}',
      `${file}:3:1: there is no key "componets" here; did you mean "components"?`,
    ],
    [
      'names that it takes out and that are not there',
      'components: { apii: null }',
      `${file}:3:15: there is no "apii" to take out of what this file extends (platforms/shop.yaml); did you mean "api"?`,
    ],
    [
      'what the other file says of something that is taken out',
      'components: { store: null }\nroles: { database: null }\nledgers: null',
      'platforms/shop.yaml:9:14: "${db-1}" is nothing the platform small can fill in',
    ],
  ])('is told about %s where they stand', async (_, text, message) => {
    expect(await errorsOf(small(text))).toContain(message);
  });

  it('is told about the mistakes of the other file, in that file', async () => {
    const broken = changed('platforms/shop.yaml', 'port: 8000', 'port: many', small(''));
    expect(await errorsOf(broken)).toEqual(['platforms/shop.yaml:10:11: expected a number, found "many"']);
    expect(formatted(await lintProject(await loaded(broken), options))).toEqual([
      'platforms/shop.yaml:10:11: expected a number, found "many"',
    ]);
  });

  it.each([
    ['shp.yaml', 'there is no file "shp.yaml" beside this one; did you mean "shop.yaml"?'],
    ['small.yaml', 'platforms extend each other: small.yaml on small.yaml'],
    [
      '../platforms/shop.yaml',
      '"../platforms/shop.yaml" is no name of a file in this folder: relative paths in both start from it',
    ],
    ['5', 'expected text, found the number 5'],
  ])('extends a file beside it: not %s', async (name, message) => {
    const texts = changed(file, 'extends: shop.yaml', `extends: ${name}`, small(''));
    expect(await errorsOf(texts)).toContain(`${file}:2:10: ${message}`);
  });

  it('does not extend what extends it', async () => {
    const other = { 'platforms/other.yaml': 'platform: other\nextends: small.yaml' };
    const texts = changed(file, 'extends: shop.yaml', 'extends: other.yaml', small('', other));
    expect(await errorsOf(texts)).toEqual([
      'platforms/other.yaml:2:10: platforms extend each other: small.yaml on other.yaml on small.yaml',
    ]);
  });

  it('has a name of its own', async () => {
    const texts = changed(file, 'platform: small\n', '', small(''));
    expect(await errorsOf(texts)).toEqual([
      `${file}:1:1: this file extends another platform and has no name; expected the key "platform"`,
    ]);
  });
});
