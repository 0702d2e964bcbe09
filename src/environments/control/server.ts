import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Controlled, ControlledComponent } from './controlled.ts';
import { answer, type Reply } from './routes.ts';

/** What the platform's own tools may ask of it, over HTTP on a Unix socket. */
export interface Control {
  close(): Promise<void>;
}

/**
 * Listens on a socket:
 * - `GET /components` → `{ components: [{ component, replicas, instances: [{ instance, pid, held }] }] }`
 * - `POST /components/NAME/scale {"replicas": 3}` → the same of that component, once the new instances were started
 * - `GET /components/NAME/log?tail=N` → the last lines of its instances' logs
 * - `GET /components/NAME/memory` → `{ component, megabytes }`, null = no limit
 * - `POST /components/NAME/memory {"megabytes": 512}` → the same, once its instances were restarted with it, one after the other
 * - `POST /components/NAME/restart` → the component, once its instances were restarted, one after the other
 * - `POST /components/NAME/rebuild` → the component, once it was ended, what it kept thrown away, and it was started
 * What a component is not made for is answered by 400 and why.
 * @param mode who may connect
 */
export async function openControl<Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  path: string,
  mode: number,
): Promise<Control> {
  const server = createServer((request, response) => {
    answer(controlled, request)
      .catch((error: Error): Reply => ({ status: 500, body: { error: error.message } }))
      .then(({ status, body }) => {
        const [type, text] =
          typeof body === 'string'
            ? ['text/plain; charset=utf-8', body]
            : ['application/json', `${JSON.stringify(body)}\n`];
        response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text);
      });
  }).unref();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  await chmod(path, mode);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
