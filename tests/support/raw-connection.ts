import { connect, type Socket } from 'node:net';

/** One HTTP/1.1 reply as it came over the wire. */
export interface RawReply {
  readonly status: number;
  /** By lower-case name; a name that came twice has both values, joined by a line feed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawConnection {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** The next complete reply. `method` is the one it answers: a reply to HEAD has no body. */
  reply(method?: string): Promise<RawReply>;
  /** What came after the replies that were taken, once the other side has closed. */
  rest(): Promise<string>;
}

/** A TCP connection to 127.0.0.1 that sends bytes as they are and understands nothing but the frames of replies. */
export function openConnection(port: number): RawConnection {
  const socket = connect({ port, host: '127.0.0.1' });
  let received = '';
  let isClosed = false;
  let wake: () => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    wake();
  });
  // A reset shows as the connection's end, which every reader looks at.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  return {
    socket,
    send(text) {
      socket.write(text);
    },
    async reply(method = 'POST') {
      for (;;) {
        const taken = takeReply(received, method);
        if (taken !== undefined) {
          received = taken.rest;
          return taken.reply;
        }
        if (isClosed) throw new Error(`closed before a complete reply, after ${JSON.stringify(received)}`);
        await change();
      }
    },
    async rest() {
      while (!isClosed) await change();
      return received;
    },
  };
}

function takeReply(text: string, method: string): { reply: RawReply; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const status = /^HTTP\/1\.1 ([0-9]{3}) /.exec(statusLine)?.[1];
  if (status === undefined) throw new Error(`no status line: ${statusLine}`);
  const headers = readHeaders(lines);
  const length = method === 'HEAD' || status === '100' ? 0 : Number(headers['content-length']);
  const body = text.slice(end + 4, end + 4 + length);
  if (body.length < length) return undefined;
  return { reply: { status: Number(status), headers, body }, rest: text.slice(end + 4 + length) };
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}\n${value}`;
  }
  return headers;
}
