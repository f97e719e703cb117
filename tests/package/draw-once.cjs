'use strict';

// Runs a function's bundle as its platform does: loads it, lets its init settle, invokes it once. `draw-once.cjs FOLDER EVENT`.

const { sep } = require('node:path');
const [folder, event] = process.argv.slice(2);

const loadStartedAtMs = performance.now();
const { handler } = require(`${folder}${sep}http.js`);
const hasChunk = () => Object.keys(require.cache).some((name) => name === `${folder}${sep}kms.js`);

async function run() {
  await new Promise((resolve) => setImmediate(resolve));
  const loaded = hasChunk();
  const loadMs = performance.now() - loadStartedAtMs;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const context = { awsRequestId: '1', getRemainingTimeInMillis: () => 5000 };
  const { statusCode, body } = await handler(JSON.parse(event), context);
  process.send({ loaded, loadMs, loadedLater: hasChunk(), statusCode, body });
}

void run();
