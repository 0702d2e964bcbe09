import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeUp } from '../../src/environments/containers/compose.ts';
import type { ServiceChanges } from '../../src/environments/containers/compose-override.ts';
import { type ComposeFolder, composeAvailable, composeFolder } from './compose-folder.ts';

const docker = async (...args: readonly string[]) =>
  (await promisify(execFile)('docker', args)).stdout.trim();
const lines = (text: string) => text.split('\n').filter((line) => line !== '');

let folder: ComposeFolder;
beforeEach(async () => {
  folder = await composeFolder();
});
afterEach(() => folder.remove());

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
    await mkdir(join(folder.path, project));
    return composeUp({
      file: join(folder.path, 'compose.yaml'),
      variables: { NAME: project },
      folder: join(folder.path, project),
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
    for (const id of lines(await docker('image', 'ls', '--quiet', imageOf(folder.path))))
      await docker('image', 'rm', '--force', id);
  });

  it('makes two of it beside each other, each with the run on everything it is made of', async () => {
    await folder.write({ 'compose.yaml': yaml, Dockerfile: dockerfile });
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
    await folder.write({
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
    await folder.write({ 'compose.yaml': broken, Dockerfile: dockerfile });
    const failed = up(`drillbook-test-${process.pid}-d`, 4);
    await expect(failed).rejects.toThrow(/compose could not start [\s\S]*log of side:\nno licence/);
  });

  it('says which port is taken', async () => {
    await folder.write({ 'compose.yaml': yaml, Dockerfile: dockerfile });
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
