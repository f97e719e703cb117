/**
 * A field value without the white space around it, which is SP and HTAB alone (RFC 9110 §5.6.3).
 * `String.prototype.trim` takes no-break spaces and byte order marks too.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
