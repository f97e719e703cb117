import { parentPort, workerData } from 'node:worker_threads';
import { createInstance, outputsOf } from './instance.ts';

parentPort?.postMessage(await outputsOf(createInstance(), workerData));
