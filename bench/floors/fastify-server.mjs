import { randomBytes } from 'node:crypto';
import { fastify } from 'fastify';

// The bare server's work in a framework: what the framework itself costs. `PORT` is where.

const server = fastify();
server.post('/*', (_request, reply) => {
  reply.send({ random_data: randomBytes(64).toString('hex').toUpperCase() });
});
await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
