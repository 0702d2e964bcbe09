import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/definition/parse-definition.ts';
import { examineCompose } from '../../src/environments/containers/compose-check.ts';
import { type ComposeFolder, composeAvailable, composeFolder } from './compose-folder.ts';

let folder: ComposeFolder;
beforeEach(async () => {
  folder = await composeFolder();
});
afterEach(() => folder.remove());

/** A platform beside `compose.yaml`. */
function platformOf(components: string, env = '') {
  const text = `platform: shop\nenvironment: containers\ncompose: { file: compose.yaml${env} }\ncomponents: ${components}\n`;
  const parsed = parseDefinition('platform', text, 'platform.yaml');
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return { ...parsed.definition.value, baseDir: folder.path };
}

const web = '{ web: { container: { service: web }, port: 80 } }';

describe.runIf(composeAvailable)('what is wrong with a compose file is told before anything starts', () => {
  const problemsOf = async (yaml: string, components = web, env = '') => {
    await folder.write({ 'compose.yaml': yaml });
    const { problems: found } = await examineCompose(platformOf(components, env));
    return found.map(({ what, todo }) => `${what.replaceAll(`${folder.path}/`, '')}. ${todo}`);
  };

  it('nothing, when nothing is', async () => {
    await folder.write({ '.env': 'TAG=trixie-slim\n' });
    const yaml =
      'services:\n  web:\n    image: debian:${TAG}\n    environment: { A: "${A}", B: "${B:-b}" }\n';
    expect(await problemsOf(yaml, web, ', env: { A: a }')).toEqual([]);
  });

  it('a variable that nobody sets, though the shell has it', async () => {
    process.env.DRILLBOOK_TEST_TAG = 'trixie-slim';
    try {
      const yaml = 'services:\n  web:\n    image: debian:${DRILLBOOK_TEST_TAG}\n';
      expect(await problemsOf(yaml)).toEqual([
        'compose.yaml:3: the variable DRILLBOOK_TEST_TAG is not set, and compose would take an empty text for it. set it under "compose.env" of the platform file, or in the ".env" beside the compose file, or give it a default: ${DRILLBOOK_TEST_TAG:-…}',
      ]);
    } finally {
      delete process.env.DRILLBOOK_TEST_TAG;
    }
  });

  it('a variable that the file requires', async () => {
    const yaml =
      'services:\n  web:\n    image: debian\n    environment: { PASSWORD: "${PASSWORD:?ask the shop team}" }\n';
    const [problem = ''] = await problemsOf(yaml);
    expect(problem).toContain(
      'compose.yaml:4: the variable PASSWORD is required and not set (it says: ask the shop team)',
    );
  });

  it('a service that it does not have', async () => {
    const yaml = 'services:\n  web: { image: debian }\n  db: { image: debian }\n';
    expect(await problemsOf(yaml, '{ shop: { container: { service: wep } } }')).toEqual([
      'components.shop.container.service: compose.yaml has no service "wep"; it has "db" or "web". did you mean "web"?',
    ]);
  });

  it('a file that is none', async () => {
    const [problem = ''] = await problemsOf('services:\n  web:\n    imagee: debian\n');
    expect(problem).toContain('compose cannot read compose.yaml');
    expect(problem).toContain('imagee');
  });

  it('a file that is not there', async () => {
    const { problems } = await examineCompose(platformOf(web));
    expect(problems[0]?.what).toBe(`there is no compose file ${join(folder.path, 'compose.yaml')}`);
  });

  it('what drillbook did not make and a drill would touch', async () => {
    const yaml = [
      'services:',
      '  web:',
      '    image: debian',
      '    volumes: ["./data:/data", "./config:/config:ro", "/var/run/docker.sock:/var/run/docker.sock:ro"]',
      '    networks: [office]',
      '  agent: { image: debian, network_mode: host, pid: host }',
      'networks: { office: { external: true } }',
      '',
    ].join('\n');
    const found = await problemsOf(yaml);
    expect(found.map((each) => each.split('. ')[0])).toEqual([
      'compose.yaml: networks.office is external, and a drill touches nothing that drillbook did not make',
      'compose.yaml, services.agent: "network_mode: host" shares what drillbook did not make',
      'compose.yaml, services.agent: "pid: host" shares what drillbook did not make',
      'compose.yaml, services.web: your own data can be written to at /data, and a drill breaks what is in there',
      'compose.yaml, services.web: /var/run/docker.sock gives the container your container engine',
    ]);
  });

  it('a component that would be several containers, or none with an address', async () => {
    const yaml =
      'services:\n  web: { image: debian, deploy: { replicas: 3 } }\n  job: { image: debian, network_mode: none }\n';
    const found = await problemsOf(
      yaml,
      '{ web: { container: { service: web } }, job: { container: { service: job } } }',
    );
    expect(found).toEqual([
      expect.stringContaining('services.web runs 3 containers'),
      expect.stringContaining('services.job has "network_mode: none" and no address of its own'),
    ]);
  });
});
