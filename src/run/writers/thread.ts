import { parentPort, workerData } from 'node:worker_threads';
import { serveWriters } from './service.ts';

if (parentPort === null)
  throw new Error("this module is the body of the writers' thread: start it with startWriters");
serveWriters(parentPort, workerData as string);
