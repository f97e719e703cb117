import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

// Draws 512 bits for whoever asks and answers them, whatever the request says. `PORT` is where.

createServer((_request, response) => {
  const body = JSON.stringify({ random_data: randomBytes(64).toString('hex').toUpperCase() });
  response.writeHead(200, {
    'Content-Type': 'application/json;charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}).listen(Number(process.env.PORT), '127.0.0.1');
