import { parentPort, workerData } from 'node:worker_threads';
import { serveSampler } from './service.ts';

if (parentPort === null)
  throw new Error("this module is the body of the sampler's thread: start it with startSampler");
serveSampler(parentPort, workerData as string);
