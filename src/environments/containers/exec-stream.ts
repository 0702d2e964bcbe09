import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import { type FrameSink, Frames } from './frames.ts';

export interface ExecRequest {
  readonly docker: Dockerode;
  readonly containerId: string;
  readonly argv: string[];
  readonly env?: { readonly [name: string]: string };
  readonly user?: string;
  readonly cwd?: string;
  /** With every right that the engine can give, whatever the container has. */
  readonly privileged?: boolean;
  readonly abort: AbortSignal;
}

/** A program that the engine started in a container, with its three streams. */
export interface ExecStream {
  listen(sink: FrameSink): void;
  write(text: string): void;
  /** Resolves when nothing more comes: it and whatever holds its output have ended, or the engine has. Never rejects. */
  readonly ended: Promise<void>;
  /** Of the program; null while it runs, or when the engine does not know any more. */
  exitCode(): Promise<number | null>;
  close(): void;
}

/** @throws what dockerode says when the container is not there, does not run, or is paused */
export async function startExec(request: ExecRequest): Promise<ExecStream> {
  const { docker, containerId, argv, env = {}, user, cwd, privileged, abort } = request;
  const exec = await docker.getContainer(containerId).exec({
    Cmd: argv,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(user === undefined ? {} : { User: user }),
    ...(cwd === undefined ? {} : { WorkingDir: cwd }),
    ...(privileged === undefined ? {} : { Privileged: privileged }),
    abortSignal: abort,
  });
  // Without the signal: it would end the stream too, which still has to bring what was written.
  const stream = await exec.start({ hijack: true, stdin: true });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
  // A program may be told something when it has just died.
  stream.on('error', () => {});
  return {
    listen: (sink) => read(stream, sink),
    write: (text) => void stream.write(text),
    ended,
    exitCode: () =>
      exec.inspect().then(
        ({ ExitCode }) => ExitCode,
        () => null,
      ),
    close: () => void stream.destroy(),
  };
}

function read(stream: Duplex, sink: FrameSink): void {
  const frames = new Frames(sink);
  stream.on('data', (chunk: Buffer) => frames.push(chunk));
}
