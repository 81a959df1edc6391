async function versionsView(main) {
  if (!main.querySelector('table')) fill(main, h('h1', {}, 'Versions'), h('p', { class: 'soft' }, 'Loading …'));
  try {
    const history = await get('/api/versions');
    fill(main, h('h1', {}, 'Versions'),
      h('p', { class: 'soft' }, 'Every set that was served and is remembered, newest first. Choose one to see what it changed.'),
      pinBar(),
      table(['Version', 'Served', 'Changes', 'Policies', 'Cause', 'Comment', 'Digest'], history.items.map(version => versionRow(version, history.current)),
        empty('No version yet', 'The first appears when something is served.')),
      history.count > history.items.length ? h('p', { class: 'soft small' }, 'The newest ' + history.items.length + ' of ' + plural(history.count, 'version') + '.') : null);
  } catch (failure) {
    fill(main, h('h1', {}, 'Versions'), h('div', { class: 'notice bad' }, failure.message));
  }
}
function versionRow(version, current) {
  const changes = version.changes || { added: '?', modified: '?', deleted: '?' };
  return linkRow(() => { location.hash = '#/versions/' + version.number; },
    [h('strong', {}, version.number), ' ', version.number === current ? pill('current', 'accent') : null,
      version.rolledBackTo ? pill('back to ' + version.rolledBackTo, 'warn') : null],
    time(version.createdAt),
    [h('span', { class: 'sign added' }, '+' + changes.added), ' ', h('span', { class: 'sign modified' }, '~' + changes.modified), ' ', h('span', { class: 'sign deleted' }, '−' + changes.deleted)],
    version.policies.toLocaleString('en'), version.cause, h('td', { class: 'wide' }, version.comment || '', version.author ? h('div', { class: 'soft small' }, version.author) : null),
    h('span', { class: 'mono soft', title: version.digest }, short(version.digest)));
}
function pinBar() {
  if (!may('change') || !state.status) return null;
  const pinned = state.status.mode === 'pinned';
  return h('div', { class: 'bar' }, h('button', { class: 'plain', onclick: () => act(pinned ? '/api/unpin' : '/api/pin', {}, pinned ? 'The sources are followed again' : 'Pinned') },
    pinned ? 'Unpin' : 'Pin this version'),
    h('button', { class: 'plain', onclick: () => act('/api/reload', { force: true }, 'Looked at all sources') }, 'Look at the sources now'));
}
const may = right => state.rights.includes(right);

async function act(path, body, done) {
  try {
    await post(path, body);
    toast(done);
    await refresh();
    route();
  } catch (failure) {
    toast(failure.message);
  }
}

async function showVersion(number) {
  openDrawer(h('h1', {}, 'Version ' + number), h('p', { class: 'soft' }, 'Loading …'));
  try {
    const version = await get('/api/versions/' + number);
    const diff = version.before ? await get('/api/diff?from=' + version.before + '&to=' + number) : null;
    openDrawer(h('h1', {}, 'Version ' + number),
      facts([['Served since', exact(version.createdAt)], ['Cause', version.cause], ['Comment', version.comment], ['Author', version.author],
        ['Policies', version.policies.toLocaleString('en')], ['Digest', h('span', { class: 'mono' }, version.digest)],
        ...Object.entries(version.revisions || {}).map(([driver, revision]) => [driver, h('span', { class: 'mono' }, revision)])]),
      may('change') && number !== state.status.version ? rollbackForm(number) : null,
      h('h2', {}, version.before ? 'Compared with version ' + version.before : 'The first that is remembered'),
      diff ? difference(diff) : null);
  } catch (failure) {
    openDrawer(h('h1', {}, 'Version ' + number), h('div', { class: 'notice bad' }, failure.message));
  }
}
function difference(diff) {
  const total = diff.added.length + diff.modified.length + diff.deleted.length;
  if (!total) return h('p', { class: 'soft' }, 'No policy differs.');
  return h('div', {},
    diff.deleted.map(change => changeLine('deleted', change.policyId, change.source)),
    diff.added.map(change => changeLine('added', change.policyId, change.source)),
    diff.modified.map(change => [changeLine('modified', change.policyId, change.source), change.text ? diffText(change.text) : null]));
}
function rollbackForm(number) {
  const reason = h('input', { placeholder: 'Why?', 'aria-label': 'Reason', required: true });
  return h('form', {
    class: 'bar', onsubmit: event => {
      event.preventDefault();
      act('/api/rollback', { version: number, reason: reason.value }, 'Version ' + number + ' is served again');
      closeDrawer();
    },
  }, reason, h('button', { class: 'danger', type: 'submit' }, 'Roll back to version ' + number));
}
