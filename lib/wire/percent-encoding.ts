const ENCODED = /(?:%[0-9A-Fa-f]{2})+/g;

/**
 * Text with its percent-encoded UTF-8 decoded (RFC 3986 §2.1). What is malformed stays as it is: `decodeURIComponent`
 * would throw for each malformed piece, and a stranger may send thousands of them.
 */
export function percentDecoded(text: string): string {
  return text.includes('%') ? text.replace(ENCODED, decodeBytes) : text;
}

function decodeBytes(encoded: string): string {
  const bytes = Buffer.from(encoded.replaceAll('%', ''), 'hex');
  const decoded = bytes.toString('utf8');
  // What is no UTF-8 is decoded to U+FFFD, which is three other bytes.
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : encoded;
}
