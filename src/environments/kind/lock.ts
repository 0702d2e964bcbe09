import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../environment.ts';

/**
 * Takes the warm clusters of a name for this process. The kernel gives them back when it ends, however it ends. Returns what releases them.
 * @throws EnvironmentError when another process has them
 */
export function takeWarm(name: string): Promise<() => Promise<void>> {
  const server = createServer();
  // In Linux' abstract namespace, which leaves no file behind.
  const path =
    process.platform === 'linux' ? `\0drillbook-warm-${name}` : join(tmpdir(), `drillbook-warm-${name}.sock`);
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new EnvironmentError(
          cause.code === 'EADDRINUSE'
            ? `the warm clusters "${name}" are in use by another run: wait for it, or use another name`
            : `the warm clusters "${name}" cannot be taken: ${cause.message}`,
          { cause },
        ),
      ),
    );
    server.listen(path, () => {
      server.unref();
      resolve(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}
