const PAGE = 100;
const query = { q: '', kind: '', driver: '', offset: 0 };

function policiesView(main) {
  const results = h('div', { 'aria-live': 'polite' });
  const search = h('input', {
    type: 'search', id: 'search', placeholder: 'Search ids …', 'aria-label': 'Search policies by id', value: query.q,
    oninput: event => { query.q = event.target.value; query.offset = 0; later(results); },
  });
  const kind = choice('Kind', 'kind', ['resourcePolicy', 'principalPolicy', 'rolePolicy', 'derivedRoles', 'exportVariables', 'exportConstants'], results);
  const driver = choice('Driver', 'driver', Object.keys((state.status && state.status.drivers) || {}), results);
  fill(main, h('h1', {}, 'Policies'), h('div', { class: 'bar' }, search, kind, driver), results);
  load(results);
}
function choice(label, name, values, results) {
  return h('select', { 'aria-label': label, onchange: event => { query[name] = event.target.value; query.offset = 0; load(results); } },
    h('option', { value: '' }, label + ': all'), values.map(value => h('option', { value, selected: query[name] === value }, value)));
}
function later(results) {
  clearTimeout(later.timer);
  later.timer = setTimeout(() => load(results), 150);
}
async function load(results) {
  const asked = new URLSearchParams({ limit: PAGE, offset: query.offset });
  for (const name of ['q', 'kind', 'driver']) if (query[name]) asked.set(name, query[name]);
  load.latest = String(asked);
  try {
    const page = await get('/api/policies?' + asked);
    if (load.latest !== String(asked)) return; // An answer to an earlier question.
    fill(results, 
      h('p', { class: 'soft small' }, plural(page.count, 'policy') + ' in version ' + page.version),
      table(['Id', 'Kind', 'Source'], page.items.map(policyRow),
        page.version ? empty('No policy matches', 'Try fewer letters, or another kind.') : empty('Nothing is served yet', 'The overview says why.')),
      page.count > PAGE ? pager(page, results) : null);
  } catch (failure) {
    fill(results, h('div', { class: 'notice bad' }, failure.message));
  }
}
const policyRow = policy => linkRow(() => { location.hash = '#/policies/' + encodeURIComponent(policy.id); },
  h('td', { class: 'wide mono' }, policy.id), policy.kind, h('td', { class: 'wide soft small mono' }, policy.source));
function pager(page, results) {
  const go = offset => () => { query.offset = offset; load(results); };
  return h('div', { class: 'bar' },
    h('button', { class: 'plain', disabled: page.offset === 0, onclick: go(Math.max(0, page.offset - PAGE)) }, 'Previous'),
    h('span', { class: 'soft small' }, (page.offset + 1) + ' to ' + Math.min(page.offset + PAGE, page.count) + ' of ' + page.count.toLocaleString('en')),
    h('button', { class: 'plain', disabled: page.offset + PAGE >= page.count, onclick: go(page.offset + PAGE) }, 'Next'));
}

async function showPolicy(id) {
  openDrawer(h('h1', { class: 'mono' }, id), h('p', { class: 'soft' }, 'Loading …'));
  try {
    const policy = await get('/api/policies/' + encodeURIComponent(id));
    const origin = policy.provenance || {};
    openDrawer(h('h1', { class: 'mono' }, policy.id),
      facts([['Kind', policy.kind], ['Name', policy.name], ['Declared version', policy.version], ['Scope', policy.scope],
        ['Driver', h('span', { class: 'mono' }, origin.driverId || '')], ['Source', h('span', { class: 'mono' }, policy.source)],
        ['Revision', origin.revision && h('span', { class: 'mono' }, origin.revision)],
        ['Content hash', h('span', { class: 'mono', title: policy.contentHash }, short(policy.contentHash))], ['Last modified', policy.lastModified && exact(policy.lastModified)]]),
      h('h2', {}, 'Source'), source(policy.raw),
      (policy.history || []).length ? [h('h2', {}, 'History'), h('div', {}, policy.history.map(step => h('div', { class: 'change' },
        h('span', { class: 'sign ' + step.type }, { added: '+', modified: '~', deleted: '−' }[step.type]), 'version ' + step.version,
        h('span', { class: 'soft small' }, time(step.at), step.comment ? ' · ' + step.comment : ''))))] : null);
  } catch (failure) {
    const findings = (failure.problem && failure.problem.findings) || [];
    openDrawer(h('h1', { class: 'mono' }, id), h('div', { class: 'notice ' + (failure.status === 423 ? 'bad' : 'warn') }, failure.message),
      findings.length ? section('Findings', findings) : null);
  }
}
