import type Dockerode from 'dockerode';
import type { CommandResult, ContainerProgram } from '../environment.ts';
import { Capture } from '../toolbox/capture.ts';
import { Frames } from './frames.ts';
import { runLabel } from './layout.ts';

interface Finished {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
}

/** Runs a program in a container that runs. Never throws for the program's own failure. @throws the engine's refusal, as when the container is paused */
export async function runInside(
  container: Dockerode.Container,
  { argv, user, input, timeoutMs }: ContainerProgram,
  secrets: readonly string[],
): Promise<CommandResult> {
  const exec = await container.exec({
    Cmd: [...argv],
    AttachStdin: input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    ...(user !== undefined && { User: user }),
  });
  const stream = await exec.start({ hijack: true, stdin: input !== undefined });
  return collect(stream, { input, timeoutMs, secrets }, async () => (await exec.inspect()).ExitCode);
}

/**
 * Runs a program as root in the network and process namespaces of a container, in one of its own that is gone afterwards.
 * It works while the other is paused, whatever that has in it.
 */
export async function runBeside(
  docker: Dockerode,
  { image, container, runId }: { readonly image: string; readonly container: string; readonly runId: string },
  { argv, input, timeoutMs }: ContainerProgram,
  secrets: readonly string[],
): Promise<CommandResult> {
  const sidecar = await docker.createContainer({
    Image: image,
    Cmd: [...argv],
    Labels: { [runLabel]: runId },
    OpenStdin: input !== undefined,
    StdinOnce: input !== undefined,
    HostConfig: {
      NetworkMode: `container:${container}`,
      PidMode: `container:${container}`,
      CapAdd: ['NET_ADMIN', 'NET_RAW', 'KILL', 'SYS_PTRACE'],
    },
  });
  try {
    const stream = await sidecar.attach({
      stream: true,
      stdin: input !== undefined,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    await sidecar.start();
    return await collect(
      stream,
      { input, timeoutMs, secrets },
      async () => ((await sidecar.wait()) as { StatusCode: number }).StatusCode,
    );
  } finally {
    await sidecar.remove({ force: true }).catch(() => undefined);
  }
}

/** Reads both outputs to their end or until the time is over. */
async function collect(
  stream: NodeJS.ReadWriteStream,
  {
    input,
    timeoutMs,
    secrets,
  }: { input?: string | undefined; timeoutMs: number; secrets: readonly string[] },
  exitCode: () => Promise<number | null>,
): Promise<CommandResult> {
  const started = process.hrtime.bigint();
  const [stdout, stderr] = [new Capture(), new Capture()];
  const frames = new Frames({
    stdout: (chunk) => stdout.add(chunk),
    stderr: (chunk) => stderr.add(chunk),
    raw: (chunk) => stdout.add(chunk),
  });
  stream.on('data', (chunk: Buffer) => frames.push(chunk));
  if (input !== undefined) stream.end(input);
  const { exitCode: code, timedOut } = await finished(stream, timeoutMs, exitCode);
  const durationNs = Number(process.hrtime.bigint() - started);
  const [out, err] = [stdout.read(secrets), stderr.read(secrets)];
  return {
    exitCode: code,
    signal: timedOut ? 'SIGKILL' : null,
    timedOut,
    durationNs,
    stdout: out.text,
    stderr: err.text,
    truncatedBytes: out.truncatedBytes + err.truncatedBytes,
    standIns: [],
  };
}

async function finished(
  stream: NodeJS.ReadWriteStream,
  timeoutMs: number,
  exitCode: () => Promise<number | null>,
): Promise<Finished> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), timeoutMs);
  const ended = new Promise<'ended'>((done) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => done('ended'));
  });
  const how = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (how === 'ended') return { exitCode: await exitCode(), timedOut: false };
  (stream as NodeJS.ReadWriteStream & { destroy(): void }).destroy();
  return { exitCode: null, timedOut: true };
}
