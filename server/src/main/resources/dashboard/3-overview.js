const modes = {
  'rolled-back': ['Rolled back', 'An earlier version is served. The sources are followed again as soon as they move on.'],
  'pinned': ['Pinned', 'What is served stays as it is, whatever the sources hold, until it is unpinned.'],
  'local-changes': ['Changed here', 'What is served was changed through the store, and differs from the sources until they move on.'],
  'blocked-stale': ['Blocked: too old', 'What is served is older than allowed, so every policy is blocked until a source can be reached.'],
};

function overview(main) {
  const status = state.status;
  if (!status) return fill(main, empty('Loading', 'Asking policyd how it is.'));
  fill(main, 
    h('h1', {}, status.version ? 'Serving ' + plural(status.policies, 'policy') : 'Nothing is served yet'),
    h('p', { class: 'soft' }, status.message),
    notices(status),
    h('dl', { class: 'cards' },
      card('Version', status.version || '–', ['since ', time(status.lastReloadAt)]),
      card('Policies', status.policies.toLocaleString('en'), status.quarantined.length ? plural(status.quarantined.length, 'policy') + ' blocked' : 'none blocked'),
      card('Compared with the sources', time(status.lastCheckedAt), exact(status.lastCheckedAt)),
      card('Digest', h('span', { class: 'mono', title: status.digest }, short(status.digest)), 'SHA-256 over all ids and hashes')),
    h('h2', {}, 'Sources'),
    h('div', { class: 'sources' }, table(['Driver', 'State', 'Policies', 'Last in agreement', 'Last look', 'What it says'], drivers(status.drivers), empty('No driver', 'The configuration names none.'))),
    h('h2', {}, 'Latest changes'),
    feed(state.changes.slice(0, 4)));
}
function card(name, value, note) {
  return h('div', { class: 'card' }, h('dt', {}, name), h('dd', {}, value), h('dd', {}, note));
}
function notices(status) {
  const shown = [];
  if (modes[status.mode]) {
    shown.push(h('div', { class: 'notice warn' }, h('strong', {}, modes[status.mode][0]), modes[status.mode][1]));
  }
  if (status.held) {
    const errors = status.held.findings.length;
    shown.push(h('div', { class: 'notice bad' },
      h('strong', {}, plural(status.held.changes, 'change') + ' held back since ' + exact(status.held.since)),
      'What was served before stays. ', h('a', { href: '#/findings' }, errors === 1 ? 'See the finding' : 'See the ' + errors + ' findings')));
  }
  if (status.lastError) {
    shown.push(h('div', { class: 'notice warn' }, h('strong', {}, 'The last look failed (' + status.lastError.code + ')'), status.lastError.message));
  }
  if (status.offlineCopy && status.offlineCopy.serving) {
    shown.push(h('div', { class: 'notice warn' }, h('strong', {}, 'Served from the offline copy'), 'No source could be reached since the start.'));
  }
  return shown;
}
function drivers(all, depth = 0) {
  return Object.entries(all || {}).flatMap(([id, driver]) => [
    h('tr', {},
      h('td', { class: 'wide' }, '\u2003'.repeat(depth), h('span', { class: 'mono' }, id), driver.type ? h('div', { class: 'soft small' }, '\u2003'.repeat(depth), driver.type) : null),
      h('td', {}, pill(driver.status, tone(driver.status))),
      h('td', {}, driver.policiesLoaded.toLocaleString('en')),
      h('td', {}, time(driver.lastSync)),
      h('td', {}, driver.latencyMs === null ? '–' : driver.latencyMs + ' ms'),
      h('td', { class: 'wide' }, driver.message, driver.errors.filter(error => !driver.message.includes(error)).slice(0, 3).map(error => h('div', { class: 'soft small mono' }, error)))),
    ...drivers(driver.children, depth + 1),
  ]);
}

function feed(changes) {
  if (!changes.length) return h('div', { class: 'panel' }, empty('Quiet so far', 'Changes appear here as they are served.'));
  return h('ul', { class: 'feed panel' }, changes.map(set => h('li', { class: Date.now() - set.arrived < 2500 ? 'fresh' : '' },
    h('strong', {}, 'Version ' + set.version), ' ', h('span', { class: 'soft small' }, time(set.at), ' · ', set.cause, ' · ', plural(set.changes.length, 'change')),
    set.changes.slice(0, 12).map(change => changeLine(change.type, change.policyId, change.source)),
    set.changes.length > 12 ? h('div', { class: 'soft small' }, 'and ' + (set.changes.length - 12) + ' more') : null)));
}
function changesView(main) {
  fill(main, h('h1', {}, 'Changes'),
    h('p', { class: 'soft' }, 'Each set of changes as it was served since this page was opened; ', h('a', { href: '#/versions' }, 'versions'), ' has the earlier ones.'), feed(state.changes));
}

function findingsView(main) {
  const status = state.status;
  if (!status) return fill(main, empty('Loading', ''));
  const held = status.held ? status.held.findings : [];
  const blocked = status.quarantined.flatMap(policy => policy.findings.map(finding => Object.assign({}, finding, { blocks: policy.id })));
  const warnings = status.warnings || [];
  fill(main, h('h1', {}, 'Findings'),
    h('p', { class: 'soft' }, 'What keeps changes from being served, what is blocked, and what had better be mended.'),
    section('Held back', held, 'Nothing is held back', 'What is served is what the sources hold.'),
    blocked.length ? section('Blocked policies', blocked) : null,
    warnings.length ? section('Warnings', warnings) : null);
}
function section(title, findings, none, noneText) {
  return [h('h2', {}, title), h('div', { class: 'panel' }, findings.length ? findings.map(finding => h('div', { class: 'finding' },
    h('div', { class: 'where' }, pill(finding.severity, finding.severity === 'error' ? 'bad' : 'warn'), ' ', finding.code, ' ',
      finding.file + (finding.line ? ':' + finding.line + (finding.column ? ':' + finding.column : '') : '')),
    h('div', {}, finding.message),
    finding.fix ? h('div', { class: 'soft' }, 'To mend it: ' + finding.fix) : null,
    finding.blocks ? h('div', { class: 'soft small' }, 'Blocks ', h('span', { class: 'mono' }, finding.blocks)) : null)) : empty(none, noneText))];
}
