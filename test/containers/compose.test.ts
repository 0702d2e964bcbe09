import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/definition/parse-definition.ts';
import { composeUp } from '../../src/environments/containers/compose.ts';
import { examineCompose } from '../../src/environments/containers/compose-check.ts';
import { requireCompose } from '../../src/environments/containers/compose-command.ts';
import type { ServiceChanges } from '../../src/environments/containers/compose-override.ts';
import { engineAvailable } from './engine.ts';

const composeAvailable =
  engineAvailable &&
  (await requireCompose().then(
    () => true,
    () => false,
  ));

const docker = async (...args: readonly string[]) =>
  (await promisify(execFile)('docker', args)).stdout.trim();
const lines = (text: string) => text.split('\n').filter((line) => line !== '');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compose-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: { readonly [path: string]: string }): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A platform beside `compose.yaml`. */
function platformOf(components: string, env = '') {
  const text = `platform: shop\nenvironment: containers\ncompose: { file: compose.yaml${env} }\ncomponents: ${components}\n`;
  const parsed = parseDefinition('platform', text, 'platform.yaml');
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return { ...parsed.definition.value, baseDir: folder };
}

const web = '{ web: { container: { service: web }, port: 80 } }';

describe.runIf(composeAvailable)('what is wrong with a compose file is told before anything starts', () => {
  const problemsOf = async (yaml: string, components = web, env = '') => {
    await write({ 'compose.yaml': yaml });
    const { problems: found } = await examineCompose(platformOf(components, env));
    return found.map(({ what, todo }) => `${what.replaceAll(`${folder}/`, '')}. ${todo}`);
  };

  it('nothing, when nothing is', async () => {
    await write({ '.env': 'TAG=trixie-slim\n' });
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
    expect(problems[0]?.what).toBe(`there is no compose file ${join(folder, 'compose.yaml')}`);
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

describe.runIf(composeAvailable)('composeUp', () => {
  const server = `require('node:http').createServer((_, answer) => answer.end(process.env.NAME)).listen(80)`;
  const yaml = [
    'name: shop',
    'services:',
    '  web:',
    '    build: .',
    '    image: debian:trixie-slim',
    '    container_name: shop-web',
    '    environment: { NAME: "${NAME}" }',
    '    ports: ["80:80"]',
    '    volumes: ["data:/data"]',
    '    networks: [front]',
    '    depends_on: { side: { condition: service_started } }',
    '  side:',
    '    image: node:24-trixie-slim',
    '    command: sleep 1000',
    '    ports: ["80:80"]',
    'networks: { front: { name: shop-front } }',
    'volumes: { data: { name: shop-data } }',
    '',
  ].join('\n');
  const dockerfile = `FROM node:24-trixie-slim\nCMD ["node", "-e", ${JSON.stringify(server)}]\n`;
  const runs: string[] = [];
  const imageOf = (where: string) =>
    `drillbook-compose/${createHash('sha256').update(join(where, 'compose.yaml')).digest('hex').slice(0, 10)}-web`;

  /** The networks are the environment's to make. */
  async function up(project: string, third: number, own: Partial<ServiceChanges> = {}) {
    runs.push(project);
    const label = `drillbook.run=${project}`;
    const subnet = `10.251.${third}`;
    await docker(
      ...['network', 'create', '--internal', '--label', label, '--subnet', `${subnet}.0/24`],
      `${project}-platform`,
    );
    const apart = 'com.docker.network.bridge.enable_icc=false';
    await docker('network', 'create', '--label', label, '--opt', apart, `${project}-measuring`);
    await mkdir(join(folder, project));
    return composeUp({
      file: join(folder, 'compose.yaml'),
      variables: { NAME: project },
      folder: join(folder, project),
      project,
      labels: { 'drillbook.run': project },
      network: `${project}-platform`,
      created: async (containers) => {
        const id = containers.find(({ service }) => service === 'web')?.id ?? '';
        await docker('network', 'connect', `${project}-measuring`, id);
      },
      subnet,
      services: {
        web: {
          container: `${project}-web`,
          names: ['web', 'www'],
          networkAddress: `${subnet}.10`,
          hostAddress: `127.88.${third}.10`,
          ports: { 80: 80 },
          labels: { 'drillbook.instance': 'web' },
          ...own,
        },
      },
    });
  }

  const found = async (what: 'container' | 'network' | 'volume', project: string) => {
    const [format, ...more] = what === 'container' ? ['{{.Names}}', '--all'] : ['{{.Name}}'];
    const filter = `label=drillbook.run=${project}`;
    return lines(await docker(what, 'ls', '--filter', filter, '--format', format ?? '', ...more)).sort();
  };

  afterEach(async () => {
    for (const project of runs.splice(0)) {
      const filter = ['--quiet', '--filter', `label=drillbook.run=${project}`];
      for (const id of lines(await docker('ps', '--all', ...filter))) await docker('rm', '-fv', id);
      for (const id of lines(await docker('network', 'ls', ...filter))) await docker('network', 'rm', id);
      for (const id of lines(await docker('volume', 'ls', ...filter))) await docker('volume', 'rm', id);
    }
    for (const id of lines(await docker('image', 'ls', '--quiet', imageOf(folder))))
      await docker('image', 'rm', '--force', id);
  });

  it('makes two of it beside each other, each with the run on everything it is made of', async () => {
    await write({ 'compose.yaml': yaml, Dockerfile: dockerfile });
    const before = await docker('image', 'inspect', '--format', '{{.Id}}', 'debian:trixie-slim');
    const [one, other] = [`drillbook-test-${process.pid}-a`, `drillbook-test-${process.pid}-b`];
    const containers = await up(one, 1);
    await up(other, 2);
    expect(containers.map(({ service }) => service).sort()).toEqual(['side', 'web']);
    expect(await answerAt('127.88.1.10')).toBe(one);
    expect(await answerAt('127.88.2.10')).toBe(other);
    expect(await found('container', one)).toEqual([`${one}-side-1`, `${one}-web`]);
    expect(await found('volume', one)).toEqual([`${one}_data`]);
    // Networks of the file are not made: everything is in the platform's.
    expect(await found('network', one)).toEqual([`${one}-measuring`, `${one}-platform`]);
    const networks = await docker('network', 'ls', '--filter', 'name=shop', '--format', '{{.Name}}');
    expect(networks).toBe('');
    // What the file would have built over is untouched.
    expect(await docker('image', 'inspect', '--format', '{{.Id}}', 'debian:trixie-slim')).toBe(before);
    expect(await docker('port', `${one}-side-1`)).toBe('');
    const fromSide = `fetch('http://www/').then((answer) => answer.text()).then(console.log)`;
    expect(await docker('exec', `${one}-side-1`, 'node', '-e', fromSide)).toBe(one);
  });

  it('says what the build said last', async () => {
    await write({
      'compose.yaml': yaml,
      Dockerfile: 'FROM node:24-trixie-slim\nRUN echo no such thing; exit 7\n',
    });
    const failed = up(`drillbook-test-${process.pid}-c`, 3);
    await expect(failed).rejects.toThrow(/compose could not build [\s\S]*no such thing/);
  });

  it('says which service did not start and what it said', async () => {
    const broken = yaml
      .replace('service_started', 'service_healthy')
      .replace(
        'command: sleep 1000',
        `command: ["sh", "-c", "echo no licence; exit 3"]\n    healthcheck: { test: "true" }`,
      );
    await write({ 'compose.yaml': broken, Dockerfile: dockerfile });
    const failed = up(`drillbook-test-${process.pid}-d`, 4);
    await expect(failed).rejects.toThrow(/compose could not start [\s\S]*log of side:\nno licence/);
  });

  it('says which port is taken', async () => {
    await write({ 'compose.yaml': yaml, Dockerfile: dockerfile });
    const project = `drillbook-test-${process.pid}-e`;
    await up(project, 5);
    const failed = up(`drillbook-test-${process.pid}-f`, 6, { hostAddress: '127.88.5.10' });
    await expect(failed).rejects.toThrow(
      /127\.88\.5\.10:80[\s\S]*already allocated|already allocated[\s\S]*127\.88\.5\.10:80/,
    );
  });

  async function answerAt(address: string): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      const text = await fetch(`http://${address}/`).then(
        (answer) => answer.text(),
        () => null,
      );
      if (text !== null || attempt > 100) return String(text);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});
