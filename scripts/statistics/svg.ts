/** Colours that can be told apart on white and on black, by everybody; one for each stream, in their order. */
const LIGHT = {
  back: '#ffffff',
  text: '#1f2328',
  faint: '#d0d7de',
  band: '#eaeef2',
  streams: ['#0969da', '#bc4c00', '#1a7f37', '#8250df'],
};
const DARK = {
  back: '#0d1117',
  text: '#e6edf3',
  faint: '#3d444d',
  band: '#212830',
  streams: ['#58a6ff', '#f0883e', '#3fb950', '#bc8cff'],
};

function rules({ back, text, faint, band, streams }: typeof LIGHT): string {
  const fills = streams.map((colour, index) => `.s${index}{fill:${colour}}.l${index}{stroke:${colour}}`).join('');
  return `.back{fill:${back}}text{fill:${text}}.faint{stroke:${faint}}.band{fill:${band}}${fills}`;
}

export const WIDTH = 840;

/** A picture that follows the reader's light or dark scheme. */
export function svg(title: string, height: number, parts: readonly string[]): string {
  const style = [
    'text{font:13px system-ui,sans-serif}.title{font-weight:600;font-size:15px}.end{text-anchor:end}.middle{text-anchor:middle}',
    '.faint{stroke-width:1;fill:none}.line{stroke-width:1.6;fill:none;stroke-linejoin:round}',
    rules(LIGHT),
    `@media(prefers-color-scheme:dark){${rules(DARK)}}`,
  ].join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    // A ground of its own: the page around it may be dark where the reader's system is light.
    '<rect width="100%" height="100%" rx="6" class="back"/>',
    label(title, 12, 22, 'title'),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

export function label(text: string, x: number, y: number, className = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${className}">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
}

export type Point = readonly [x: number, y: number];

export function line(points: readonly Point[], className: string): string {
  return `<path d="M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}" class="${className}"/>`;
}

export function area(points: readonly Point[], className: string): string {
  return `<path d="M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z" class="${className}"/>`;
}

export function dot([x, y]: Point, radius: number, className: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" class="${className}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
