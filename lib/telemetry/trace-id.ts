// W3C Trace Context §3.2.2: version, trace id, parent id, flags; a version to come may add more. No id is all zeros.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

// AWS X-Ray, "Tracing header": fields in any order, by semicolons.
const XRAY_ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/;

/**
 * The distributed trace that a request belongs to.
 *
 * @param headerValues by lower-case name
 * @returns undefined for none
 */
export function traceIdOf(headerValues: (name: string) => readonly string[]): string | undefined {
  const [traceparent = '', second] = headerValues('traceparent');
  const traceId = second === undefined ? TRACEPARENT.exec(traceparent.trim())?.[1] : undefined;
  return traceId ?? XRAY_ROOT.exec(headerValues('x-amzn-trace-id')[0] ?? '')?.[1];
}
