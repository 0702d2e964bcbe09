/**
 * As much of kubectl as restore-manager uses, on the containers of `restore-bed.ts`: a StatefulSet is a container, its claim a
 * volume, and a Job one more container. BED is what their names begin with; the templates are those of the real manifests.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Docker from 'dockerode';
import { parseAllDocuments } from 'yaml';

const docker = new Docker();
const bed = process.env.BED ?? '';
const manifests = join(import.meta.dirname, '../../../fixtures/manifests/database');
const members = ['db-primary', 'db-replica-1'];

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}
interface PodSpec {
  readonly containers: readonly {
    readonly command: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly persistentVolumeClaim: { readonly claimName: string };
  }[];
}

const containerOf = (workload: string) => docker.getContainer(`${bed}-${workload}`);
const stateOf = async (workload: string) => (await containerOf(workload).inspect()).State;
const print = (value: unknown): void => {
  process.stdout.write(typeof value === 'string' ? value : JSON.stringify(value));
};

async function main([verb = '', what = '', ...more]: readonly string[]): Promise<void> {
  if (verb === 'exec') return exec(what.replace(/^statefulset\/|-0$/g, ''), more.slice(1));
  if (verb === 'scale') return scale(what.replace('statefulset/', ''), more[0] ?? '');
  if (verb === 'apply') return apply(JSON.parse(await text(process.stdin)) as Job);
  if (verb === 'logs') return print(await logs(what.replace('job/', '')));
  if (verb === 'delete') return remove(more[0] ?? '');
  if (verb === 'get' && what === 'statefulset') return print({ items: await statefulSets() });
  if (verb === 'get' && what === 'pod')
    return print((await stateOf((more[0] ?? '').replace(/-0$/, ''))).Running ? `pod/${more[0]}\n` : '');
  if (verb === 'get' && what === 'job') return print({ status: await jobStatus(more[0] ?? '') });
  throw new Error(`not understood here: kubectl ${[verb, what, ...more].join(' ')}`);
}

async function exec(workload: string, argv: readonly string[]): Promise<void> {
  const one = await containerOf(workload).exec({
    Cmd: [...argv],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await one.start({});
  docker.modem.demuxStream(stream, process.stdout, process.stderr);
  await new Promise((resolve) => stream.once('end', resolve));
  process.exitCode = (await one.inspect()).ExitCode ?? 1;
}

async function scale(workload: string, replicas: string): Promise<void> {
  const { Running } = await stateOf(workload);
  if (replicas === '--replicas=0' && Running) await containerOf(workload).stop({ t: 20 });
  if (replicas === '--replicas=1' && !Running) await containerOf(workload).start();
}

async function statefulSets(): Promise<readonly unknown[]> {
  const files = await Promise.all(members.map((name) => readFile(join(manifests, `${name}.yaml`), 'utf8')));
  return files
    .flatMap((file) => parseAllDocuments(file).map((document) => document.toJS() as { kind: string }))
    .filter(({ kind }) => kind === 'StatefulSet');
}

/** What envFrom would bring is what the member was started with. */
async function apply({ metadata: { name }, spec }: Job): Promise<void> {
  const { containers, volumes } = spec.template.spec;
  const [container] = containers;
  if (container === undefined) throw new Error(`the job ${name} has no container`);
  const member = container.env.find((one) => one.name === 'NAME')?.value ?? '';
  const { Config, HostConfig } = await containerOf(member).inspect();
  const claims = new Map(volumes.map((one) => [one.name, one.persistentVolumeClaim.claimName]));
  const job = await docker.createContainer({
    ...{ name: `${bed}-job-${name}`, Image: Config.Image, Labels: Config.Labels },
    Entrypoint: [...container.command],
    Env: [...Config.Env, ...container.env.map((one) => `${one.name}=${one.value}`)],
    HostConfig: {
      NetworkMode: bed,
      ExtraHosts: HostConfig.ExtraHosts ?? [],
      Binds: container.volumeMounts.map((one) => `${bed}-${claims.get(one.name)}:${one.mountPath}`),
    },
  });
  await job.start();
}

async function jobStatus(name: string): Promise<{ readonly failed?: 1; readonly succeeded?: 1 }> {
  const { Running, ExitCode } = await stateOf(`job-${name}`);
  if (Running) return {};
  return ExitCode === 0 ? { succeeded: 1 } : { failed: 1 };
}

async function logs(name: string): Promise<string> {
  const all = await containerOf(`job-${name}`).logs({ stdout: true, stderr: true });
  // Each piece has a header of eight bytes, its length in the last four.
  let said = '';
  for (let at = 0; at < all.length; at += 8 + all.readUInt32BE(at + 4))
    said += all.toString('utf8', at + 8, at + 8 + all.readUInt32BE(at + 4));
  return said;
}

async function remove(name: string): Promise<void> {
  await containerOf(`job-${name}`)
    .remove({ force: true, v: true })
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
    });
}

await main(process.argv.slice(2));
