// The page of `downbeat serve`. It builds elements and sets their text: nothing that the server was sent is ever HTML.
const $ = (id) => document.getElementById(id);

/** An element with attributes, and texts or elements in it. */
function make(name, attributes, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

const time = (text) => make('time', {}, text.replace('T', ' '));
const tag = (kind, text) => make('span', { class: `tag ${kind}` }, text);
const small = (text) => make('small', {}, text);
const number = (count) => count.toLocaleString('en-US');

function row(...cells) {
  return make('tr', {}, ...cells.map((cell) => (cell.tagName === 'TD' ? cell : td({}, cell))));
}

function td(attributes, ...content) {
  return make('td', attributes, ...content.flat().filter((one) => one !== ''));
}

/** A cell that is no wider than what is in it. */
const short = (...content) => td({ class: 'short' }, ...content);

function emptyRow(columns, ...content) {
  return make('tr', {}, make('td', { colspan: columns, class: 'empty' }, ...content));
}

/** `2 h 5 min`: the two largest units. */
function span(ms) {
  const units = [
    ['d', 86400000],
    ['h', 3600000],
    ['min', 60000],
    ['s', 1000],
  ];
  let rest = Math.max(0, ms);
  const parts = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || 'now';
}

const states = {
  active: ['good', 'active'],
  paused: ['wait', 'paused'],
  dead: ['bad', 'has no timer'],
};

const parts = {
  schedules({ rows, total, matching }) {
    $('schedules-count').textContent =
      matching === total ? number(total) : `${number(matching)} of ${number(total)}`;
    const note =
      matching > rows.length
        ? [emptyRow(5, `Only the first ${number(rows.length)} are here: filter by name for the others.`)]
        : [];
    const hint =
      total > 0
        ? ['No schedule has this in its name.']
        : [
            'No schedules yet. To send some: ',
            make('code', {}, `CONDUCTOR_SERVER_URL=${location.origin} downbeat apply`),
          ];
    return rows.length === 0
      ? [emptyRow(5, ...hint)]
      : rows
          .map((one) =>
            row(
              [one.name, one.description ? small(one.description) : ''],
              one.reason
                ? td({ class: 'reason' }, tag(...states[one.state]), small(one.reason))
                : short(tag(...states[one.state])),
              [
                ...one.crons.map(({ words, cron, zone }) =>
                  make('div', {}, words, small(`${cron} · ${zone}`)),
                ),
              ],
              one.next ? [time(one.next), one.otherZone ? small(one.otherZone) : ''] : '–',
              one.last ? [time(one.last.at), ' ', run(one.last)] : '–',
            ),
          )
          .concat(note);
  },
  next({ rows, polling }) {
    if (!polling) return [emptyRow(3, 'Everything is paused on this server: due fires wait.')];
    return rows.length === 0
      ? [emptyRow(3, 'Nothing will fire.')]
      : rows.map(({ at, ms, name }) => {
          const left = make('span', { class: 'quiet' });
          left.dataset.at = ms;
          return row(short(time(at)), short(left), name);
        });
  },
  runs({ rows, total }) {
    $('runs-count').textContent = number(total);
    return rows.length === 0
      ? [emptyRow(3, 'Nothing has fired.')]
      : rows.map((one) =>
          row(short(time(one.at), one.late ? small(`${span(one.late)} late`) : ''), short(run(one)), [
            one.name,
            one.workflow === one.name ? '' : small(one.workflow),
            one.reason ? small(one.reason) : '',
          ]),
        );
  },
  requests({ rows, total }) {
    $('requests-count').textContent = number(total);
    return rows.length === 0
      ? [emptyRow(3, 'No requests.')]
      : rows.map(({ at, method, url, status, fault }) =>
          row(
            short(time(at)),
            short(
              tag(status === undefined || status >= 400 ? 'bad' : 'good', status ?? 'dropped'),
              fault ? small(`fault: ${fault}`) : '',
            ),
            make('code', {}, `${method} ${url}`),
          ),
        );
  },
};

function run({ state }) {
  return tag(state === 'EXECUTED' ? 'good' : 'bad', state.toLowerCase());
}

const shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1];

function showFaults(faults) {
  const list = $('faults');
  const on = faults.filter(({ rate }) => rate > 0).length;
  $('faults-count').textContent = on === 0 ? 'none' : `${on} on`;
  for (const { kind, rate, words } of faults) {
    let select = document.getElementById(`fault-${kind}`);
    if (select === null) {
      select = make('select', { id: `fault-${kind}` });
      select.addEventListener('change', () => act('fault', { kind, rate: Number(select.value) }));
      const label = make('label', { for: `fault-${kind}` }, make('code', {}, kind), ' ', words);
      list.append(make('li', {}, label, select));
    }
    // Not while somebody chooses.
    if (document.activeElement === select && select.options.length > 0) continue;
    const all = shares.includes(rate) ? shares : [...shares, rate].sort((a, b) => a - b);
    select.replaceChildren(
      ...all.map((share) =>
        make('option', { value: share }, share === 0 ? 'off' : `${Number((share * 100).toFixed(2))}%`),
      ),
    );
    select.value = String(rate);
  }
}

const shown = {};
/** The server's clock less this one's. */
let skew = 0;
let stopped = false;

function show(state) {
  stopped = state.stopped;
  skew = state.now - Date.now();
  document.title = `${state.server} · local Conductor scheduler`;
  $('server').textContent = state.server;
  $('ahead').textContent = state.ahead === 0 ? '' : `(${span(state.ahead)} ahead)`;
  for (const [name, render] of Object.entries(parts)) {
    const text = JSON.stringify(state[name]);
    if (shown[name] === text) continue;
    shown[name] = text;
    $(name).replaceChildren(...render(state[name]));
  }
  if (shown.faults !== JSON.stringify(state.faults)) {
    shown.faults = JSON.stringify(state.faults);
    showFaults(state.faults);
  }
  if (stopped) show.now = state.now;
  tick();
}

function tick() {
  const now = stopped ? show.now : Date.now() + skew;
  if (now !== undefined)
    $('clock').textContent = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  for (const left of document.querySelectorAll('[data-at]')) {
    const text = span(Number(left.dataset.at) - now);
    if (left.textContent !== text) left.textContent = text;
  }
}

function say(text, isBad = false) {
  $('status').textContent = text;
  $('status').classList.toggle('problem', isBad);
}

let asked = 0;
let isLost = false;

async function refresh() {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(`_downbeat/state?filter=${encodeURIComponent($('filter').value)}`);
    if (!answer.ok) throw new Error((await answer.json()).message);
    const state = await answer.json();
    if (mine !== asked) return;
    if (isLost) say('');
    isLost = false;
    show(state);
  } catch (error) {
    if (mine !== asked) return;
    isLost = true;
    say(`The scheduler does not answer: ${error.message}`, true);
  }
}

let busy = false;

async function act(name, body) {
  if (busy) return;
  busy = true;
  const buttons = document.querySelectorAll('button');
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  try {
    const answer = await fetch(`_downbeat/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { message } = await answer.json();
    say(message, !answer.ok);
    delete shown.faults;
  } catch (error) {
    say(`That did not reach the scheduler: ${error.message}`, true);
  }
  busy = false;
  for (const button of buttons) button.removeAttribute('aria-disabled');
  await refresh();
}

for (const button of document.querySelectorAll('button'))
  button.addEventListener('click', () =>
    act('advance', button.dataset.to === 'next' ? { to: 'next' } : { ms: Number(button.dataset.ms) }),
  );
$('filter').addEventListener('input', refresh);
document.addEventListener('visibilitychange', () => document.hidden || refresh());
setInterval(() => document.hidden || tick(), 250);

/** Asks every second, and less often where the answer takes long: the scheduler has other things to do. */
async function follow() {
  const begun = Date.now();
  if (!document.hidden && !busy) await refresh();
  setTimeout(follow, Math.max(1000, 10 * (Date.now() - begun)));
}
follow();
