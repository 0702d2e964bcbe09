import { benchCalibration } from './calibration.ts';
import { benchCli } from './cli.ts';
import { benchContainers } from './containers.ts';
import { benchDrillCost } from './drill-cost.ts';
import { benchLedger } from './ledger.ts';
import { benchTimelineMemory } from './memory.ts';
import { benchProvision } from './provision.ts';
import { benchRunbook } from './runbook.ts';
import { benchSamplingMemory } from './sampling-memory.ts';
import { type Measured, printTable } from './table.ts';

const benches: { readonly [name: string]: () => Promise<readonly Measured[]> } = {
  cli: benchCli,
  runbook: benchRunbook,
  ledger: benchLedger,
  'timeline-memory': benchTimelineMemory,
  'sampling-memory': benchSamplingMemory,
  provision: benchProvision,
  'drill-cost': benchDrillCost,
  calibration: benchCalibration,
  containers: benchContainers,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: there is no ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(3);
}

const measured: Measured[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stderr.write(`bench: ${name} …\n`);
  measured.push(...(await bench()));
}
printTable(measured);
process.exitCode = measured.every(({ ok }) => ok) ? 0 : 1;
