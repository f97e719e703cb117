/** What `random_data_length` may be, as JSON text, and what becomes of it. */

export const GOOD_LENGTHS = [8, 16, 512, 8184, 8192];

const MANY_DIGITS = `1${'0'.repeat(400)}`;

/** Not a plain decimal integer. */
export const MALFORMED_LENGTHS = [
  '"0512"',
  '"00"',
  '"+512"',
  '" 512"',
  '"512 "',
  '"512\\n"',
  '"\\u0000512"',
  '"512.0"',
  '"512."',
  '".5"',
  '"5e2"',
  '"5E2"',
  '"0x200"',
  '"0b1000"',
  '"0o10"',
  '"512n"',
  '"8_192"',
  '"8,192"',
  '"-0"',
  '"-08"',
  '"--8"',
  '"- 8"',
  '"-"',
  '""',
  '" "',
  '"null"',
  '"NaN"',
  '"Infinity"',
  '"five"',
  '"\uff15\uff11\uff12"',
  '"\u0665\u0661\u0662"',
  '512.5',
  '8.000001',
  '1e-1',
  'true',
  'false',
  '[]',
  '[512]',
  '["512"]',
  '{}',
  '{"length":512}',
];

/** An integer, and not from 8 to 8192. */
export const OUT_OF_RANGE_LENGTHS = [
  '0',
  '"0"',
  '1',
  '7',
  '"7"',
  '-8',
  '"-8"',
  '-512',
  '8193',
  '"8193"',
  '8200',
  '"8200"',
  '65536',
  '"4294967304"',
  '9007199254740993',
  '"9007199254740992"',
  '"18446744073709552128"',
  MANY_DIGITS,
  `"${MANY_DIGITS}"`,
];

/** In range, and no multiple of 8. */
export const UNEVEN_LENGTHS = ['9', '"9"', '12', '"12"', '15', '511', '"513"', '8191', '"8191"', '"8185"'];
