// Filters the cards of a page, and turns its times to another clock. The page is whole without it.
(() => {
  const pad = (number) => String(number).padStart(2, '0');
  const offsetOf = (minutes) =>
    minutes === 0
      ? 'Z'
      : `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const clocks = {
    utc: (ms) => ({ at: new Date(ms), offset: 0 }),
    viewer: (ms) => {
      const offset = -new Date(ms).getTimezoneOffset();
      return { at: new Date(ms + offset * 60_000), offset };
    },
  };
  const dayOf = (at) => `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;
  const timeOf = (at) => `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
  const written = (clock, ms) => {
    const { at, offset } = clocks[clock](ms);
    const seconds = at.getUTCSeconds() === 0 ? '' : `:${pad(at.getUTCSeconds())}`;
    return `${dayOf(at)} ${timeOf(at)}${seconds}${offset === 0 ? '' : ' '}${offsetOf(offset)}`;
  };

  const original = new Map();
  const turnTimes = (clock) => {
    for (const time of document.querySelectorAll('time[datetime]')) {
      const ms = Date.parse(time.dateTime);
      if (Number.isNaN(ms)) continue;
      if (!original.has(time)) original.set(time, time.textContent);
      time.textContent = clock === '' ? original.get(time) : written(clock, ms);
    }
  };

  const hour = 3_600_000;
  const ticksOf = (clock, from, to) => {
    const length = to - from;
    const found = [];
    let before = clocks[clock](from).at;
    const step = length <= 96 * hour ? hour / 2 : 6 * hour;
    for (let ms = Math.ceil(from / step) * step; ms < to; ms += step) {
      const { at } = clocks[clock](ms);
      const isMidnight = dayOf(at) !== dayOf(before);
      before = at;
      const day = dayOf(at).slice(5);
      const date = at.getUTCDate();
      if (length <= 96 * hour) {
        if (isMidnight) found.push([ms, day, false]);
        else if (at.getUTCHours() % 6 === 0 && at.getUTCMinutes() === 0) found.push([ms, timeOf(at), true]);
      } else if (isMidnight) {
        if (length > 2400 * hour) {
          if (date === 1) found.push([ms, dayOf(at).slice(0, 7), found.length % 3 !== 0]);
        } else if (length > 480 * hour) {
          if (date % 10 === 1 && date < 31) found.push([ms, day, date !== 1]);
        } else found.push([ms, found.length % 2 === 0 ? day : '', found.length % 4 !== 0]);
      }
    }
    return found;
  };
  const svg = (name, attributes, text = '') => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };
  const originalTicks = new Map();
  const turnAxes = (clock) => {
    for (const group of document.querySelectorAll('g[data-from]')) {
      if (!originalTicks.has(group)) originalTicks.set(group, [...group.childNodes]);
      if (clock === '') {
        group.replaceChildren(...originalTicks.get(group));
        continue;
      }
      const [from, to, y] = [Number(group.dataset.from), Number(group.dataset.to), group.dataset.rows * 20];
      const ticks = ticksOf(clock, from, to).flatMap(([ms, label, isMinor]) => {
        const x = `${((ms - from) / (to - from)) * 100}%`;
        const kind = isMinor ? 'minor' : 'major';
        const line = svg('line', { class: kind, x1: x, x2: x, y1: 0, y2: y + 4 });
        return ms < to - (to - from) * 0.04
          ? [line, svg('text', { class: kind, x, y: y + 15 }, label)]
          : [line];
      });
      group.replaceChildren(...ticks);
    }
  };

  const form = document.getElementById('filters');
  const clock = document.getElementById('clock');
  const turn = (value) => {
    turnTimes(value);
    turnAxes(value);
  };
  if (clock) {
    clock.hidden = false;
    clock.addEventListener('change', () => turn(new FormData(clock).get('clock')));
  }
  if (!form) return;
  const cards = [...document.querySelectorAll('details.card')].map((card) => ({
    card,
    text:
      card.querySelector('summary').textContent.toLowerCase() +
      (card.querySelector('.workflow')?.textContent ?? '').toLowerCase(),
  }));
  const shown = document.getElementById('shown');
  const nothing = document.getElementById('nothing');
  const filter = () => {
    const data = new FormData(form);
    const kinds = data.getAll('kind');
    const text = data.get('text').trim().toLowerCase();
    const facets = ['directory', 'owner', 'tag'].filter((facet) => data.get(facet));
    let count = 0;
    for (const { card, text: own } of cards) {
      const fits =
        (kinds.length === 0 || kinds.includes(card.dataset.kind)) &&
        (data.get('danger') === null || card.dataset.danger === '1') &&
        facets.every((facet) => card.dataset[facet].includes(` ${data.get(facet)} `)) &&
        (text === '' || own.includes(text));
      card.hidden = !fits;
      if (fits) count += 1;
    }
    for (const group of document.querySelectorAll('.group'))
      group.hidden = group.querySelector('details.card:not([hidden])') === null;
    const all = `${cards.length} schedule${cards.length === 1 ? '' : 's'}`;
    shown.textContent = count === cards.length ? all : `${count} of ${all}`;
    nothing.hidden = count > 0;
  };
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target.name === 'clock') turn(event.target.value);
    else filter();
  });
  form.addEventListener('reset', () =>
    setTimeout(() => {
      turn('');
      filter();
    }),
  );
  for (const [name, open] of [
    ['open', true],
    ['close', false],
  ])
    form.elements[name].addEventListener('click', () => {
      for (const { card } of cards) if (!card.hidden) card.open = open;
    });
})();
