import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { recordedRun } from '../conformance/recorded-site.ts';
import { pairPlatform } from './local-platforms.ts';

/**
 * A process of its own that brings a pair up: `local-run.ts RUN-ID REPORT-DIR PORT [down]`. Prints its record as soon as there is one,
 * then `up`; with `down` it takes the pair down and prints what is left, else it waits to be killed.
 */
const [runId = '', reportDir = '', port = '', down] = process.argv.slice(2);
const environment = createLocalEnvironment();
const site = recordedRun(runId, reportDir, (event) => {
  if (event.type === 'environment') console.log(JSON.stringify(event.record));
});
const running = await environment.up(pairPlatform({ port: Number(port) }), site);
console.log('up', (await running.address('database.primary')).why);
if (down === 'down') console.log('left', JSON.stringify(await environment.down(site.record())));
else setInterval(() => {}, 60_000);
