// Elements are always built, never parsed from text: what a policy says can then never become markup.
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'data') Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  return fill(element, children);
}
/** Replaces what is in an element; whatever is null or false is left out. */
function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}
const $ = id => document.getElementById(id);
const pill = (text, tone) => h('span', { class: 'pill ' + (tone || '') }, text);
const tone = status => ({ healthy: 'good', degraded: 'warn', unhealthy: 'bad' })[status] || '';
const plural = (count, word) => count.toLocaleString('en') + ' ' + (count === 1 ? word : word.endsWith('y') ? word.slice(0, -1) + 'ies' : word + 's');
const short = digest => digest ? digest.slice(0, 12) : '–';
const empty = (title, text) => h('div', { class: 'empty' }, h('strong', {}, title), text);

function ago(instant) {
  if (!instant) return 'never';
  const seconds = Math.max(0, (Date.now() - Date.parse(instant)) / 1000);
  if (seconds < 2) return 'just now';
  if (seconds < 90) return Math.round(seconds) + ' s ago';
  if (seconds < 5400) return Math.round(seconds / 60) + ' min ago';
  if (seconds < 129600) return Math.round(seconds / 3600) + ' h ago';
  return Math.round(seconds / 86400) + ' days ago';
}
/** A time that keeps itself current; the exact one is its title. */
const time = instant => h('time', { datetime: instant, title: instant ? new Date(instant).toLocaleString() : '', data: { ago: instant || '' } }, ago(instant));
const exact = instant => instant ? new Date(instant).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' }) : '–';

function table(heads, rows, none) {
  if (!rows.length) return h('div', { class: 'panel' }, none);
  return h('div', { class: 'panel scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, heads.map(head => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, rows)));
}
function linkRow(open, ...cells) {
  return h('tr', {
    class: 'link', tabindex: '0', onclick: open,
    onkeydown: event => { if (event.key === 'Enter') open(); },
  }, cells.map(cell => cell instanceof HTMLTableCellElement ? cell : h('td', {}, cell)));
}
const facts = pairs => h('dl', { class: 'facts' }, pairs.filter(pair => pair && pair[1] !== null && pair[1] !== undefined && pair[1] !== '')
  .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));

/** Text with line numbers; keys, strings and comments of YAML and JSON stand out, and lines that findings name are marked. */
function source(text, marked) {
  const lines = text.replace(/\n$/, '').split('\n');
  return h('pre', { tabindex: '0', 'aria-label': 'Source' }, lines.map((line, index) =>
    h('span', { class: 'row' + (marked && marked.has(index + 1) ? ' hit' : ''), data: { line: index + 1 } }, paint(line), '\n')));
}
function paint(line) {
  const comment = line.match(/^(\s*)(#.*)$/);
  if (comment) return [comment[1], h('span', { class: 'c' }, comment[2])];
  const parts = [];
  const key = line.match(/^(\s*(?:- )*)("?[\w.$/ -]+"?)(:)(\s.*|)$/);
  let rest = line;
  if (key) {
    parts.push(key[1], h('span', { class: 'k' }, key[2]), key[3]);
    rest = key[4];
  }
  rest.split(/("(?:[^"\\]|\\.)*"|'[^']*')/).forEach((piece, index) => parts.push(index % 2 ? h('span', { class: 's' }, piece) : piece));
  return parts;
}
function diffText(text) {
  return h('pre', { tabindex: '0', 'aria-label': 'Difference' }, text.replace(/\n$/, '').split('\n').map((line, index) => h('span', {
    class: 'row ' + (index < 2 || line.startsWith('@@') ? 'hunk' : line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : ''), data: { line: '' },
  }, line, '\n')));
}
function changeLine(type, id, place) {
  const sign = { added: '+', modified: '~', deleted: '−' }[type];
  return h('div', { class: 'change' }, h('span', { class: 'sign ' + type, title: type, 'aria-label': type }, sign),
    type === 'deleted' ? h('span', { class: 'mono' }, id) : h('a', { class: 'mono', href: '#/policies/' + encodeURIComponent(id) }, id),
    place ? h('span', { class: 'soft small hide-small' }, place) : null);
}
function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $('toast').hidden = true; }, 5000);
}
