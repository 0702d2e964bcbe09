import { request } from 'node:http';

const withinMs = 2000;

/**
 * Whether a container engine answers where DOCKER_HOST says, or else at the usual socket. Tests of this tier use
 * `describe.runIf(engineAvailable)`: without an engine they are reported as skipped.
 */
export const engineAvailable: boolean = await engineAnswers(
  process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock',
);

/** Asks for a sign of life. A socket's file proves nothing: it stays when its engine is gone, and may not be ours to use. */
export function engineAnswers(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { protocol, pathname, hostname, port } = new URL(host);
    const where = protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port: port || 2375 };
    const asked = request({ ...where, path: '/_ping', timeout: withinMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('close', () => resolve(false)); // after an answer it changes nothing
    asked.once('error', () => resolve(false));
    asked.end();
  });
}
