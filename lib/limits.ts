/** Huawei's documented range of `random_data_length`, in bits, and its step. */
export const MIN_BIT_LENGTH = 8;
export const MAX_BIT_LENGTH = 8192;
export const BITS_PER_BYTE = 8;

/** "36-byte serial number of a request message": bytes of UTF-8. */
export const SEQUENCE_BYTES = 36;

/** Documented length of a project id, in characters. */
export const PROJECT_ID_LENGTH = 32;

/** gen-random takes no query; what a client adds is signed all the same, and that much is read for it. */
export const MAX_QUERY_BYTES = 4 * 1024;

/** A request is some 80 bytes; 16 KiB leaves room for members that we ignore, and bounds what is parsed. */
export const MAX_BODY_BYTES = 16 * 1024;

/** Huawei documents tokens of up to 20,000 characters, and one gateway header of up to 32 KB. */
export const MAX_TOKEN_CHARACTERS = 32 * 1024;

/** One token of full length and half as much again for the other headers. */
export const MAX_HEADER_BYTES = 48 * 1024;

/** At the local run, whose port is IAM's too: a validation by the caller's own token carries it twice. */
export const MAX_IAM_HEADER_BYTES = 96 * 1024;

/**
 * What is read and thrown away of an over-long body so that its sender lives to see the answer; then the connection is
 * cut.
 */
export const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** A client that needs longer than this for its headers or its whole request is answered 408. */
export const HEADERS_TIMEOUT_MS = 5_000;
export const REQUEST_TIMEOUT_MS = 10_000;

/** Longer than the 60 seconds after which proxies in front close an idle connection: the server must not be first. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** A validation answer with a full catalogue was seen at some 20 kB; more than this is no token. */
export const MAX_IAM_ANSWER_BYTES = 256 * 1024;

/** A refused token is asked about again after this: long enough against a flood, short enough for a token just made. */
export const REJECTED_TOKEN_TTL_MS = 10_000;
export const REJECTED_TOKEN_ENTRIES = 1_000;

/** What stays of a platform's deadline for writing the answer and the log line. */
export const PLATFORM_DEADLINE_MARGIN_MS = 100;

/** Huawei accepts a signature whose `X-Sdk-Date` is within 15 minutes of its own clock. */
export const SIGNATURE_SKEW_MS = 15 * 60 * 1000;

/** The clients in use sign at most 10 headers; a stranger may name thousands, each of which is looked up and hashed. */
export const MAX_SIGNED_NAMES = 64;

/** From so long before its end the service's own token is renewed, while it is still used. */
export const SERVICE_TOKEN_MARGIN_MS = 60_000;

/** After IAM refused the service's own account no login follows for so long: Huawei locks one after five failures. */
export const SERVICE_LOGIN_PAUSE_MS = 10_000;

/** The pause after a login that failed otherwise, doubled with each failure in a row up to the second number. */
export const SERVICE_LOGIN_RETRY_MIN_MS = 250;
export const SERVICE_LOGIN_RETRY_MAX_MS = 5_000;

/** How long a connection that we have ended may stay silent before it is cut; what is sent meanwhile is read away. */
export const LINGER_MS = 1_000;

/** While the container stops, a connection on which nothing happens for so long is ended. */
export const SILENCE_MS = 1_000;

/**
 * SP 800-90B §4.3: a start-up test needs at least 1024 consecutive samples. Also the most that a KMS gives in one call.
 */
export const START_UP_BYTES = 1024;

/** A closed source is re-tested no more often than this. */
export const HEALTH_RETEST_PAUSE_MS = 10_000;

/**
 * A source that gave no bytes in so many reads in a row is failing. One or two lost answers happen to a source that
 * works. Under `degrade` a source that stays silent costs three deadlines at most.
 */
export const FAILURES_IN_A_ROW = 3;

/** A left-out source is tested this often. The promise is 10 seconds; half of that keeps it on a busy machine too. */
export const LEFT_OUT_RETEST_MS = 5_000;

/** If a test of a left-out source ends so long after its deadline, the platform most likely froze the process. */
export const FROZEN_AFTER_MS = 250;

/** A source that had less time than this and less than `ENTROPY_TIMEOUT_MS` is not to blame for its silence. */
export const FAIR_CHANCE_MS = 1_000;

/**
 * The pause before the second attempt at a remote source: long enough for a broken connection, shorter than a deadline.
 */
export const RETRY_PAUSE_MIN_MS = 50;
export const RETRY_PAUSE_MAX_MS = 150;

/**
 * Init waits up to this long for remote sources. A working one needs a fraction of it; for one that does not answer the
 * first request waits again. The shortest time that FunctionGraph allows an initializer is one second.
 */
export const INIT_WAIT_MS = 800;

/**
 * A tunnel that a silent proxy does not open holds a socket for this long, and a kept connection without work does too:
 * Node has one time-out for both. Short against a crowd of aborted requests, long between two draws.
 */
export const TUNNEL_TIMEOUT_MS = 10_000;

/** 1024 bytes in hexadecimal and the JSON around them; more than this is no answer of gen-random. */
export const MAX_KMS_ANSWER_BYTES = 4 * 1024;

/** Lambda and FunctionGraph take synchronous events of up to 6 MB. */
export const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** A CloudEvent's id is written to the log and into the reply; the longest in use are URIs. */
export const MAX_EVENT_ID_CHARACTERS = 1_024;

/** How many principals a rate limit remembers; the one that was forgotten starts afresh. */
export const RATE_LIMITED_PRINCIPALS = 10_000;

/** Connections of one container at once, whatever memory it has. */
export const MAX_CONNECTIONS = 10_000;

/** Envelopes around one request, such as a pipe's record, a topic's notification and a bus's event. */
export const MAX_ENVELOPES = 8;

/** What a list is answered with at most: Lambda and FunctionGraph return up to 6 MB, EventBridge Pipes take as much. */
export const MAX_EVENT_REPLY_BYTES = 6 * 1024 * 1024;

/** Connections of the metrics' port at once: a few scrapers, and people who look. */
export const MAX_SCRAPERS = 16;

/** What a stranger may make one connection cost: headers, a body that nobody has asked for, and the socket itself. */
export const CONNECTION_BYTES = MAX_HEADER_BYTES + MAX_BODY_BYTES + 16 * 1024;

/** How long a container that stops takes connections that were made before; a queue of 500 takes some 50 ms. */
export const TAKE_WAITING_MS = 250;

/** A list of events; EventBridge Pipes hand over up to 10,000 at once. */
export const MAX_EVENT_REQUESTS = 10_000;
/** So many of a list are answered before other work of the process has its turn: some 1 ms. */
export const EVENTS_PER_TURN = 100;

/** Bytes of log that wait for a reader of standard output. Ten thousand lines: half a second of a full load. */
export const MAX_QUEUED_LOG_BYTES = 4 * 1024 * 1024;
