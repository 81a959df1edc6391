const state = { status: null, changes: [], live: false, rights: [] };
const listeners = new Set();
const changed = what => listeners.forEach(listener => listener(what));

class Refused extends Error {
  constructor(status, problem) {
    super((problem && problem.detail) || 'policyd answered with ' + status);
    this.status = status;
    this.problem = problem;
  }
}
const token = () => sessionStorage.getItem('token');
const headers = extra => Object.assign({}, token() ? { Authorization: 'Bearer ' + token() } : {}, extra);

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, Object.assign({}, options, { headers: headers(options && options.headers) }));
  } catch (failure) {
    throw new Refused(0, { detail: 'policyd cannot be reached; is it still running?' });
  }
  const body = (response.headers.get('content-type') || '').includes('json') ? await response.json() : null;
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}
const get = path => call(path);
const post = (path, body) => call(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body || {}) });

/** The stream is read with fetch, as an EventSource can carry no token. */
async function follow() {
  let last = null;
  for (;;) {
    try {
      const response = await fetch('/api/policies/stream', { headers: headers(last ? { 'Last-Event-ID': last } : {}) });
      if (response.status === 401) return;
      if (!response.ok) throw new Refused(response.status);
      setLive(true);
      await refresh();
      await read(response.body.getReader(), event => {
        last = event.id || last;
        if (event.event === 'policy-change') {
          const change = Object.assign(JSON.parse(event.data), { arrived: Date.now() });
          state.changes.unshift(change);
          state.changes.length = Math.min(state.changes.length, 200);
          changed('change');
        }
        refresh();
      });
    } catch (failure) { /* Told by the mark in the header; tried again below. */ }
    setLive(false);
    await new Promise(resolve => setTimeout(resolve, 1000 + Math.random() * 1000));
  }
}
async function read(reader, receive) {
  const decoder = new TextDecoder();
  let buffer = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    buffer += decoder.decode(value, { stream: true });
    let end;
    while ((end = buffer.indexOf('\n\n')) >= 0) {
      const event = {};
      for (const line of buffer.slice(0, end).split('\n')) {
        const colon = line.indexOf(': ');
        if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 2);
      }
      buffer = buffer.slice(end + 2);
      if (event.data) receive(event);
    }
  }
}
function setLive(on) {
  state.live = on;
  $('live').className = 'live ' + (on ? 'on' : 'off');
  $('live').title = on ? 'Connected: changes arrive as they happen' : 'Not connected; trying again';
}
async function refresh() {
  try {
    state.status = await get('/api/status');
    state.rights = state.status.rights || [];
    changed('status');
  } catch (failure) {
    if (failure.status === 401) login();
    else if (!state.status) changed(failure);
  }
}
