/** Levels in ascending order of weight. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes one line, without its end. */
export type WriteLine = (line: string) => void;

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  /** One line about the service itself; below `LOG_LEVEL` it is not written. */
  note(level: LogLevel, message: string, fields?: LogFields): void;
  /** The line of one request; always written. */
  audit(level: LogLevel, fields: LogFields): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly writeLine: WriteLine;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One JSON object a line; members that are undefined are left out. */
export function createLog(options: LogOptions): Log {
  const threshold = LOG_LEVELS.indexOf(options.level);
  const write = (level: LogLevel, fields: LogFields): void => {
    options.writeLine(JSON.stringify({ time: new Date(options.now()).toISOString(), level, ...fields }));
  };
  return {
    note(level, message, fields) {
      if (LOG_LEVELS.indexOf(level) >= threshold) write(level, { message, ...fields });
    },
    audit: write,
  };
}

/** Standard output as it is: Lambda's `console.log` would put time and request id in front of the JSON. */
export const writeToStandardOutput: WriteLine = (line) => {
  process.stdout.write(`${line}\n`);
};

/** FunctionGraph documents `console.log` as the way into its log. */
export const writeToConsole: WriteLine = (line) => {
  console.log(line);
};
