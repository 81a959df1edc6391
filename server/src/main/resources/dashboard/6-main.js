const views = [
  ['overview', 'Overview', overview], ['policies', 'Policies', policiesView], ['changes', 'Changes', changesView],
  ['versions', 'Versions', versionsView], ['findings', 'Findings', findingsView],
];
let shown = null;

function route() {
  const [name, detail] = (location.hash.slice(2) || 'overview').split(/\/(.*)/s);
  const view = views.find(candidate => candidate[0] === name) || views[0];
  tabs(view[0]);
  $('tabs').querySelector('[aria-current]').scrollIntoView({ block: 'nearest', inline: 'center' });
  document.title = view[1] + ' · policyd';
  const closing = shown === view[0] && !detail && !$('drawer').hidden;
  if (!closing && (shown !== view[0] || !detail)) { // What the drawer was opened from stays, and gets the focus back.
    shown = view[0];
    view[2]($('view'));
  }
  if (!detail) closeDrawer();
  else if (view[0] === 'policies') showPolicy(decodeURIComponent(detail));
  else if (view[0] === 'versions') showVersion(Number(detail));
}
function tabs(current) {
  const status = state.status;
  const errors = status ? (status.held ? status.held.findings.length : 0) + status.quarantined.length : 0;
  fill($('tabs'), views.map(([name, label]) => h('a', { href: '#/' + name, 'aria-current': name === current ? 'page' : null }, label,
    name === 'findings' && errors ? h('span', { class: 'count bad' }, errors) : null,
    name === 'policies' && status ? h('span', { class: 'count' }, status.policies.toLocaleString('en')) : null)));
}
function openDrawer(title, ...content) {
  const fresh = $('drawer').hidden;
  const inside = fresh || $('drawer').contains(document.activeElement);
  if (fresh) openDrawer.before = document.activeElement;
  fill($('drawer'), h('div', { class: 'top' }, title, h('button', { class: 'quiet', 'aria-label': 'Close', title: 'Close (Esc)', onclick: leaveDrawer }, '✕')), content);
  $('drawer').hidden = false;
  if (inside) $('drawer').querySelector('button').focus(); // Also after its content was replaced.
}
function closeDrawer() {
  if ($('drawer').hidden) return;
  $('drawer').hidden = true;
  if (openDrawer.before && openDrawer.before.isConnected) openDrawer.before.focus();
}
function leaveDrawer() {
  location.hash = '#/' + (location.hash.slice(2).split('/')[0] || 'overview');
}

listeners.add(what => {
  if (what instanceof Error) {
    $('health').textContent = 'unreachable';
    $('health').className = 'pill bad';
    fill($('view'), h('div', { class: 'notice bad' }, h('strong', {}, 'No answer'), what.message));
    return;
  }
  if (what === 'status') {
    const first = !state.seen;
    state.seen = true;
    $('health').textContent = state.status.status;
    $('health').className = 'pill ' + tone(state.status.status);
    $('health').title = state.status.message;
    tabs(shown);
    if (first) return route();
  }
  if (shown === 'overview' || shown === 'findings' || (shown === 'changes' && what === 'change')) views.find(view => view[0] === shown)[2]($('view'));
  if (shown === 'versions' && what === 'change' && $('drawer').hidden) versionsView($('view'));
});

/** A token that was refused is not shown again: policyd would take it for a guess. */
function login() {
  if (state.locked) return;
  state.locked = true;
  const refused = token();
  sessionStorage.removeItem('token');
  const field = h('input', { type: 'password', autocomplete: 'off', 'aria-label': 'Access token', placeholder: 'Access token' });
  $('health').textContent = 'locked';
  fill($('view'), h('div', { class: 'login card' }, h('h1', {}, 'Who is there?'),
    h('p', { class: 'soft' }, 'This policyd asks for a token. It stays in this tab and is forgotten when the tab is closed.'),
    refused ? h('p', { class: 'notice bad' }, 'The token was not accepted.') : null,
    h('form', { onsubmit: event => { event.preventDefault(); state.locked = false; sessionStorage.setItem('token', field.value); begin(); } }, field, h('button', { type: 'submit' }, 'Enter'))));
  field.focus();
}
function theme(name) {
  document.documentElement.dataset.theme = name;
  localStorage.setItem('theme', name);
}
const otherTheme = () => theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') return leaveDrawer();
  if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) return;
  const number = Number(event.key);
  if (number >= 1 && number <= views.length) location.hash = '#/' + views[number - 1][0];
  else if (event.key === 't') otherTheme();
  else if (event.key === '/') {
    event.preventDefault();
    if (shown !== 'policies') location.hash = '#/policies';
    setTimeout(() => $('search') && $('search').focus());
  }
});
$('theme').addEventListener('click', otherTheme);
theme(localStorage.getItem('theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
addEventListener('hashchange', route);
setInterval(() => document.querySelectorAll('time[data-ago]').forEach(element => { element.textContent = ago(element.dataset.ago || null); }), 1000);
setInterval(() => { if (!document.hidden && !state.locked) refresh(); }, 5000);

async function begin() {
  await refresh();
  if (state.locked) return;
  follow();
}
route();
begin();
