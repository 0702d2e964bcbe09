import { engine } from '../src/environments/containers/engine.ts';
import { openProject } from '../src/index.ts';
import { cpuOfProbes } from './containers/probes.ts';
import { byCompose, byDrillbook, imagesOf } from './containers/provisioning.ts';
import type { Measured } from './table.ts';

const ratioLimit = 1.2;
const cpuLimit = 10;

/**
 * Provisioning of the containers platform against compose with the same images, alternating, and what the probes cost.
 * DRILLBOOK_BENCH_ROUNDS (default 5) and DRILLBOOK_BENCH_PROBES_S (default 60) make it shorter. The images are made first, which is the
 * cold part: it is shown as it was met, and is short where the engine had them.
 */
export async function benchContainers(): Promise<readonly Measured[]> {
  const rounds = Number(process.env.DRILLBOOK_BENCH_ROUNDS ?? 5);
  const probesMs = 1000 * Number(process.env.DRILLBOOK_BENCH_PROBES_S ?? 60);
  const parsed = (await openProject()).platforms.get('containers-small');
  if (parsed === undefined || 'errors' in parsed)
    throw new Error('the platform "containers-small" is not valid');
  const platform = { ...parsed.definition.value };
  const { docker } = await engine();

  const coldFrom = performance.now();
  const images = await imagesOf(docker, platform);
  const imagesMs = performance.now() - coldFrom;
  const ours: number[] = [];
  const theirs: number[] = [];
  let cpu = Number.NaN;
  for (let round = 0; round < rounds; round++) {
    const last = round === rounds - 1;
    const meanwhile = async (running: Parameters<typeof cpuOfProbes>[0]) => {
      if (last) cpu = await cpuOfProbes(running, probesMs);
    };
    // Who begins changes, so that neither always meets what the other left in the page cache.
    if (round % 2 === 0) ours.push(await byDrillbook(platform, meanwhile));
    theirs.push(await byCompose(platform, images));
    if (round % 2 === 1) ours.push(await byDrillbook(platform, meanwhile));
  }
  const ratio = median(ours.map((each, round) => each / (theirs[round] ?? Number.NaN)));
  const shown = (name: string, value: number): Measured => ({
    name,
    value,
    unit: 's',
    limit: null,
    ok: true,
  });
  return [
    shown('containers: images pulled or built', imagesMs / 1000),
    shown(`containers: up, median of ${rounds}`, median(ours) / 1000),
    shown(`containers: docker compose up --wait, median of ${rounds}`, median(theirs) / 1000),
    {
      name: 'containers: ratio, median',
      value: ratio,
      unit: '',
      limit: `≤ ${ratioLimit}`,
      ok: ratio <= ratioLimit,
    },
    {
      name: 'CPU of four probes, 4 a second each',
      value: cpu,
      unit: '% of one',
      limit: `≤ ${cpuLimit} %`,
      ok: cpu <= cpuLimit,
    },
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
