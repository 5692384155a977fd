/** What a terminal printed as an SVG: dark in any theme, colored by the first letter of a line as the program colors it. */
export function terminalPicture(title, text) {
  const colors = { '+': '#7ee787', '-': '#ffa198', '~': '#e3b341', '!': '#d2a8ff' };
  const lines = text.split('\n');
  const columns = Math.max(...lines.map((line) => line.length));
  const [advance, height, margin] = [7.83, 19, 20];
  const escape = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const rows = lines.map((line, at) => {
    const color = colors[line.trimStart()[0]];
    const fill = color === undefined || line.trimStart()[1] !== ' ' ? '' : ` fill="${color}"`;
    return line === ''
      ? ''
      : `<text x="${margin}" y="${margin + 14 + at * height}"${fill} xml:space="preserve">${escape(line)}</text>\n`;
  });
  const [w, h] = [Math.ceil(columns * advance + 2 * margin), lines.length * height + 2 * margin];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${escape(title)}">
<title>${escape(title)}</title>
<rect width="${w}" height="${h}" rx="8" fill="#161b22"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3">
${rows.join('')}</g>
</svg>
`;
}
