import { after } from 'node:test';
import { appOf } from '../support/app.ts';
import { type Row, testRows } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { AKSK_CREDENTIALS, sent, sign, toSign } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

// Signed header values beyond ASCII through every door. A value on the wire stands here as Node reads it: a character
// for a byte.

const IAM_URL = 'http://127.0.0.1:9/v3';
const environment = { AUTH_METHODS: 'aksk', AKSK_CREDENTIALS };
const doors = await openDoors(appOf(environment), { after });

const NOW_MS = Date.now();
const { headers } = toSign(NOW_MS);

function agentRow(name: string, signed: string, onWire: string, isGood: boolean): Row {
  const request = toSign(NOW_MS, { headers: [...headers, ['User-Agent', signed]] });
  const lines: HeaderLine[] = [...headers, ['User-Agent', onWire], ['Authorization', sign(request)]];
  return { name, request: { ...sent(), headers: lines }, answer: isGood ? 512 : '401 APIGW.0301' };
}

function inUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

testRows(doors, IAM_URL, [
  ...['应用/1.0', 'é/1.0', 'à', 'à la carte', '\u{1f3b2}'].map((agent) =>
    agentRow(`${agent} sent as UTF-8`, agent, inUtf8(agent), true),
  ),
  ...['é/1.0', 'ÿ', 'naïve café'].map((agent) => agentRow(`${agent} sent as Latin-1`, agent, agent, true)),
  agentRow('another letter in UTF-8', '应用/1.0', inUtf8('应由/1.0'), false),
  agentRow('another letter in Latin-1', 'é/1.0', 'è/1.0', false),
  agentRow('a letter without its accent', 'é/1.0', 'e/1.0', false),
  agentRow('UTF-8 that is cut off', 'é/1.0', '\u00c3/1.0', false),
  agentRow('UTF-8 written twice', 'é/1.0', inUtf8(inUtf8('é/1.0')), false),
]);

testRows(
  // A platform may decode what it received as UTF-8.
  doors.filter(({ name }) => name !== 'server'),
  IAM_URL,
  ['应用/1.0', '\u{1f3b2} é'].map((agent) => agentRow(`${agent} decoded by the platform`, agent, agent, true)),
);
