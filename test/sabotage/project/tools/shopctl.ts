// The shop's own program: starts a standby through the environment's control socket.
import { request } from 'node:http';

const socketPath = process.env.DRILLBOOK_CONTROL ?? '';
const [command] = process.argv.slice(2);

if (command !== 'start-standby') {
  process.stderr.write('usage: shopctl start-standby\n');
  process.exit(2);
}
const call = request({ socketPath, method: 'POST', path: '/components/shop/scale' }, (response) => {
  response.resume();
  response.on('end', () => {
    process.stdout.write(`standby: ${response.statusCode}\n`);
    process.exitCode = response.statusCode === 200 ? 0 : 1;
  });
});
call.end(JSON.stringify({ replicas: 2 }));
