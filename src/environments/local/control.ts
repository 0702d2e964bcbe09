import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import { giveTo } from './account.ts';
import type { Starting } from './components.ts';
import { answer, type Reply } from './control-routes.ts';

/** What the platform's own tools may ask of it, over HTTP on a socket in the run folder. */
export interface Control {
  close(): Promise<void>;
}

/**
 * Listens on `control.sock`:
 * - `GET /components` → `{ components: [{ component, replicas, instances: [{ instance, pid, held }] }] }`
 * - `POST /components/NAME/scale {"replicas": 3}` → the same of that component, once the new instances were started
 * - `GET /components/NAME/log?tail=N` → the last lines of its instances' logs
 * - `GET /components/NAME/memory` → `{ component, megabytes }`, null = no limit
 * - `POST /components/NAME/memory {"megabytes": 512}` → the same, once its instances were restarted with it, one after the other
 * - `POST /components/NAME/restart` → the component, once its instances were restarted, one after the other
 * - `POST /components/NAME/rebuild` → the component, once it was ended, its folder for data emptied, and it was started
 */
export async function openControl(starting: Starting): Promise<Control> {
  const { run } = starting;
  const server = createServer((request, response) => {
    answer(starting, request)
      .catch((error: Error): Reply => ({ status: 500, body: { error: error.message } }))
      .then(({ status, body }) => {
        const [type, text] =
          typeof body === 'string'
            ? ['text/plain; charset=utf-8', body]
            : ['application/json', `${JSON.stringify(body)}\n`];
        response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text);
      });
  }).unref();
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(run.paths.control, resolve),
  );
  await chmod(run.paths.control, 0o600);
  await giveTo(run.layout.account, run.paths.control);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
