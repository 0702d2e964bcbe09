import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { serveSampler } from './service.ts';

if (parentPort === null)
  throw new Error("this module is the body of the sampler's thread: start it with startSampler");
preferThisThread();
serveSampler(parentPort, workerData as string);

/**
 * On Linux a priority belongs to a thread, and 0 means the calling one: the drilled platform often shares the machine,
 * and its load must not make slots late. Elsewhere 0 would mean the whole process. An ordinary user may not raise it,
 * and then the slots that are late for it are counted as such.
 */
function preferThisThread(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, -10);
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes((error as { info?: { code?: string } }).info?.code ?? '')) throw error;
  }
}
