/** What `sequence` may be. */

export const GOOD_SEQUENCES: readonly (readonly [name: string, value: unknown])[] = [
  ['a UUID', '919c82d4-8046-4722-9094-35c3c6524cff'],
  ['36 letters', 'x'.repeat(36)],
  ['36 blanks', ' '.repeat(36)],
  ['18 characters of two bytes', '\u00e9'.repeat(18)],
  ['12 characters of three bytes', '\u20ac'.repeat(12)],
  ['9 characters of four bytes', '\u{1f3b2}'.repeat(9)],
  ['characters that a log line must escape', `"\\\n\r\u0000\u2028${'x'.repeat(28)}`],
  ['null', null],
];

export const BAD_SEQUENCES: readonly (readonly [name: string, value: unknown])[] = [
  ['an empty string', ''],
  ['35 bytes', 'x'.repeat(35)],
  ['37 bytes', 'x'.repeat(37)],
  ['36 characters of two bytes', '\u00e9'.repeat(36)],
  ['36 characters and 37 bytes', `${'x'.repeat(35)}\u00e9`],
  ['a UUID without hyphens', '919c82d480464722909435c3c6524cff'],
  ['a UUID in braces', '{919c82d4-8046-4722-9094-35c3c6524cff}'],
  ['a number of 36 digits', Number('1'.repeat(36))],
  ['zero', 0],
  ['false', false],
  ['an array of one', ['919c82d4-8046-4722-9094-35c3c6524cff']],
  ['an array of 36', Array.from({ length: 36 }, () => 'x')],
  ['an object', { length: 36 }],
];
