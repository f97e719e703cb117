import { randomInt, randomUUID } from 'node:crypto';
import { Agent, request as startRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { PATH, type Refusal } from '../support/contract.ts';
import type { ClientAnswer } from '../support/contract-flaws.ts';
import { KNOWN } from '../support/iam-backend.ts';
import { openConnection } from '../support/raw-connection.ts';
import { KEY, signedHeaders } from '../support/signed-request.ts';
import { STATIC_TOKEN } from '../support/started-service.ts';

/** An answer, and what the contract wants: a number of bits, or a row of the error table. */
export interface Exchange {
  readonly answer: ClientAnswer;
  readonly wanted: Refusal | number;
  /** Whether IAM had to be asked. */
  readonly needsIam?: boolean;
}

type Headers = Readonly<Record<string, string>>;

/** One client that comes once. Rejects if it is not answered and should have been. */
export type Client = (port: number) => Promise<readonly Exchange[]>;

const BODY = '{"random_data_length":"512"}';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

function send(port: number, headers: Headers, body = BODY, path = PATH, method = 'POST'): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    const all = { ...JSON_TYPE, 'Content-Length': String(Buffer.byteLength(body)), ...headers };
    const outgoing = startRequest({ host: '127.0.0.1', port, method, path, headers: all, agent, timeout: 20_000 });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within 20 s')));
    outgoing.once('error', reject);
    outgoing.once('response', (message) => {
      let text = '';
      message.setEncoding('latin1').on('data', (part: string) => {
        text += part;
      });
      message.once('error', reject);
      message.once('end', () => {
        const received = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({ status: message.statusCode ?? 0, headers: Object.fromEntries(received), body: text });
      });
    });
    outgoing.end(body);
  });
}

const byToken = (token: string): Headers => ({ 'X-Auth-Token': token });
const asking = (wanted: Refusal | number, headers: () => Headers, needsIam = false): Client => {
  return async (port) => [{ answer: await send(port, headers()), wanted, needsIam }];
};

function raw(headers: readonly string[], body = BODY): string {
  return [`POST ${PATH} HTTP/1.1`, 'Host: kms.test', ...headers, ...lengthOf(body), '', body].join('\r\n');
}

function lengthOf(body: string): readonly string[] {
  return ['Content-Type: application/json', `Content-Length: ${body.length}`];
}

const KNOWN_HEAD = [`X-Auth-Token: ${STATIC_TOKEN}`];

/** Sends text as it is, and reads as many answers as are wanted. */
function writing(text: string, ...wanted: readonly (Refusal | number)[]): Client {
  return async (port) => {
    const connection = openConnection(port);
    connection.send(text);
    const exchanges: Exchange[] = [];
    for (const one of wanted) exchanges.push({ answer: await connection.reply(), wanted: one });
    connection.socket.destroy();
    return exchanges;
  };
}

async function sendSlowly(port: number): Promise<readonly Exchange[]> {
  const connection = openConnection(port);
  const text = raw(KNOWN_HEAD);
  const step = Math.ceil(text.length / 10);
  for (let from = 0; from < text.length; from += step) {
    connection.send(text.slice(from, from + step));
    await pause(150);
  }
  const answer = await connection.reply();
  connection.socket.destroy();
  return [{ answer, wanted: 512 }];
}

const leaving =
  (text: () => string): Client =>
  async (port) => {
    const connection = openConnection(port);
    await new Promise((resolve) => connection.socket.once('connect', resolve).once('close', resolve));
    connection.send(text());
    await pause(Math.random() * 20);
    connection.socket.resetAndDestroy();
    return [];
  };

async function endItsSide(port: number): Promise<readonly Exchange[]> {
  const connection = openConnection(port);
  connection.socket.end(raw(KNOWN_HEAD));
  return [{ answer: await connection.reply(), wanted: 512 }];
}

const malformed = (wanted: Refusal, body: string): Client => {
  return async (port) => [{ answer: await send(port, byToken(STATIC_TOKEN), body), wanted }];
};

const GOOD = raw(KNOWN_HEAD);
const CROWD = 20;

/** Each kind with its share of the load. */
export const CLIENTS: Readonly<Record<string, readonly [share: number, Client]>> = {
  'a configured token': [20, asking(512, () => byToken(STATIC_TOKEN))],
  'a remembered token': [25, asking(512, () => byToken(`${KNOWN}${randomInt(CROWD)}`), true)],
  'a new token': [12, asking(512, () => byToken(`${KNOWN}${randomUUID()}`), true)],
  'an unknown token': [10, asking('403 KMS.0302', () => byToken(randomUUID()), true)],
  'no credential': [4, asking('401 KMS.0301', () => ({}))],
  'a signature': [10, asking(512, () => signedHeaders({ body: BODY }))],
  'a wrong signature': [
    4,
    asking('401 APIGW.0301', () => signedHeaders({ body: BODY, key: { ...KEY, secretKey: 'wrong' } })),
  ],
  'no JSON': [2, malformed('400 KMS.0202', '{"random')],
  'a length of 7': [2, malformed('400 KMS.1801', '{"random_data_length":"7"}')],
  'too long a body': [1, malformed('400 KMS.0203', 'x'.repeat(20_000))],
  'an unknown path': [
    2,
    async (port) => [{ answer: await send(port, {}, BODY, '/nothing'), wanted: '404 APIGW.0101' }],
  ],
  'a pipeline': [2, writing(GOOD + GOOD + GOOD, 512, 512, 512)],
  'a pipeline that ends in garbage': [2, writing(`${GOOD + GOOD}garbage\r\n\r\n`, 512, 512, '400 KMS.0214')],
  'no HTTP': [1, writing('\u0016\u0003\u0001\r\n\r\n', '400 KMS.0214')],
  'two lengths': [1, writing(raw([...KNOWN_HEAD, 'Content-Length: 3']), '400 KMS.0214')],
  '60 KiB of headers': [1, writing(raw([`X-Long: ${'a'.repeat(60 * 1024)}`]), '431 KMS.0203')],
  'headers that stop': [0.3, writing(GOOD.slice(0, 60), '408 KMS.0214')],
  'a slow sender': [1, sendSlowly],
  'a half-closed connection': [1, endItsSide],
  'a client that leaves in mid-request': [1, leaving(() => GOOD.slice(0, -5))],
  'a client that leaves before its answer': [1, leaving(() => raw([`X-Auth-Token: ${KNOWN}${randomUUID()}`]))],
};

/** Closes the connections that clients have kept. */
export function closeKept(): void {
  agent.destroy();
}
