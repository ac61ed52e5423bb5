const data = JSON.parse(document.getElementById('data').textContent);
const NS = 'http://www.w3.org/2000/svg';
const state = { x: 'step', smooth: 0, log: false, hidden: new Set(), range: null };
const many = data.runs.length > 1;
const DASHES = ['', '6 4', '2 3', '8 3 2 3'];
const colour = (run, series) => `var(--c${(many ? run : series) % 8})`;
const dash = (series) => (many ? DASHES[series % 4] : '');

const compact = (value) => {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-3) return value.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e');
  for (const [limit, unit] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
    if (size >= limit) return trim(value / (unit === 'k' ? 1e3 : limit)) + unit;
  }
  return trim(value);
};
const trim = (value) => String(+value.toPrecision(4));
const bytes = (value) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; Math.abs(value) >= 1024 && unit < 4; unit++) value /= 1024;
  return `${trim(value)} ${units[unit]}`;
};
const FORMATS = { bytes, percent: (value) => `${trim(100 * value)} %`, ms: (value) => `${compact(value)} ms` };
const format = (unit, value) => (FORMATS[unit] || compact)(value);

const element = (name, attributes, parent) => {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
};

/** An exponential mean whose start does not lean to zero; gaps stay gaps. */
const smoothed = (values, weight) => {
  let sum = 0, total = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    total = weight * total + 1 - weight;
    return sum / total;
  });
};

const niceTicks = (from, to, wanted) => {
  const rough = (to - from) / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999);
  const ticks = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + step * 1e-9; at++) ticks.push(at * step);
  return ticks;
};
/** Doubling steps, so that a memory of 1.5 GiB has whole ticks. */
const byteTicks = (from, to, wanted) => {
  const step = 2 ** Math.ceil(Math.log2((to - from) / wanted));
  const ticks = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) ticks.push(at * step);
  return ticks;
};
const logTicks = (from, to) => {
  const ticks = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const factor of to / from > 1e4 ? [1] : [1, 2, 5]) {
      const tick = factor * 10 ** power;
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick);
    }
  }
  return ticks;
};

/** What is drawn: a line for each visible run and series that has values. */
const linesOf = (chart) => {
  const lines = [];
  data.runs.forEach((run, r) => {
    if (state.hidden.has(r)) return;
    chart.series.forEach((series, s) => {
      const values = run.series[series.key];
      if (!values) return;
      const xs = run.x[state.x];
      const kept = [];
      values.forEach((value, i) => {
        const inside = !state.range || (xs[i] >= state.range[0] && xs[i] <= state.range[1]);
        if (value !== null && xs[i] !== null && inside) kept.push(i);
      });
      if (kept.length === 0) return;
      const all = kept.map((i) => values[i]);
      const smooth = series.smooth && state.smooth > 0;
      lines.push({
        run: r, series: s, x: kept.map((i) => xs[i]), raw: all, y: smooth ? smoothed(all, state.smooth) : all, smooth,
        sparse: kept.length < 60 && all.length < 0.6 * values.filter((_, i) => xs[i] !== null).length,
        label: many ? `${run.name}${chart.series.length > 1 ? ', ' + series.label : ''}` : series.label,
      });
    });
  });
  return lines;
};

const draw = (chart) => {
  const { figure } = chart;
  figure.querySelector(':scope > svg')?.remove();
  const lines = linesOf(chart);
  const width = Math.max(220, figure.clientWidth - 24), height = chart.wide ? 320 : 210;
  const svg = element('svg', { viewBox: `0 0 ${width} ${height}`, height, tabindex: 0, role: 'img' });
  figure.append(svg);
  const said = lines.map((line) => `${line.label}: ${format(chart.unit, line.raw.at(-1))} at the end`).join('; ');
  svg.setAttribute('aria-label', `${chart.title}. ${said || 'no values'}. Arrow keys go from point to point.`);
  if (lines.length === 0) {
    element('text', { x: width / 2, y: height / 2, 'text-anchor': 'middle' }, svg).textContent = 'nothing to show';
    return;
  }
  const ys = lines.flatMap((line) => (line.smooth ? line.y.concat(line.raw) : line.y));
  const log = state.log && chart.log && Math.min(...ys) > 0;
  let low = ys.reduce((a, b) => Math.min(a, b)), high = ys.reduce((a, b) => Math.max(a, b));
  const zero = chart.zero && !log;
  if (zero) low = Math.min(0, low);
  if (high - low <= 1e-9 * Math.abs(high)) { high += Math.abs(high) * 0.1 || 1; if (!zero) low -= Math.abs(low) * 0.1 || 1; }
  if (!log) { const room = (high - low) * 0.05; high += room; if (low < 0 || low > room) low -= room; else low = 0; }
  const xs = lines.flatMap((line) => line.x);
  let left = xs.reduce((a, b) => Math.min(a, b)), right = xs.reduce((a, b) => Math.max(a, b));
  if (left === right) { left -= 1; right += 1; }
  const ticks = log ? logTicks(low, high) : (chart.unit === 'bytes' ? byteTicks : niceTicks)(low, high, chart.wide ? 6 : 4);
  const margin = { left: 12 + 6.2 * Math.max(3, ...ticks.map((tick) => format(chart.unit, tick).length)), right: 12, top: 8, bottom: 24 };
  const px = (x) => margin.left + ((x - left) / (right - left)) * (width - margin.left - margin.right);
  const scale = log ? Math.log10 : (value) => value;
  const py = (y) => height - margin.bottom - ((scale(y) - scale(low)) / (scale(high) - scale(low))) * (height - margin.top - margin.bottom);
  for (const tick of ticks) {
    element('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: py(tick), y2: py(tick) }, svg);
    element('text', { x: margin.left - 6, y: py(tick) + 4, 'text-anchor': 'end' }, svg).textContent = format(chart.unit, tick);
  }
  for (const tick of niceTicks(left, right, Math.max(3, Math.floor(width / 85)))) {
    element('text', { x: px(tick), y: height - 6, 'text-anchor': 'middle' }, svg).textContent = compact(tick);
  }
  element('line', { class: 'axis', x1: margin.left, x2: width - margin.right, y1: height - margin.bottom, y2: height - margin.bottom }, svg);
  data.runs.forEach((run, r) => {
    if (state.hidden.has(r)) return;
    for (const at of run.resumed) {
      const x = run.x[state.x][run.x.step.indexOf(at)];
      if (x >= left && x <= right) {
        element('line', { class: 'resumed', x1: px(x), x2: px(x), y1: margin.top, y2: height - margin.bottom }, svg);
      }
    }
  });
  const path = (x, y) => x.map((one, i) => `${i ? 'L' : 'M'}${px(one).toFixed(1)} ${py(y[i]).toFixed(1)}`).join('');
  for (const line of lines) {
    const look = { stroke: colour(line.run, line.series), 'stroke-dasharray': dash(line.series) };
    if (line.smooth) element('path', { class: 'curve raw', d: path(line.x, line.raw), ...look }, svg);
    element('path', { class: 'curve', d: path(line.x, line.y), ...look }, svg);
    if (line.sparse) {
      line.x.forEach((x, i) => element('circle', { cx: px(x), cy: py(line.y[i]), r: 2.4, fill: look.stroke }, svg));
    }
  }
  hover(chart, svg, lines, { px, py, margin, width, height, left, right });
};

const nearest = (sorted, x) => {
  let low = 0, high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x) low = middle + 1; else high = middle;
  }
  return low > 0 && x - sorted[low - 1] < sorted[low] - x ? low - 1 : low;
};

const hover = (chart, svg, lines, place) => {
  const { px, py, margin, width, height, left, right } = place;
  const marks = element('g', {}, svg);
  const tip = chart.tip;
  const longest = lines.reduce((a, b) => (b.x.length > a.x.length ? b : a));
  let at = -1, from = null;
  const clear = () => { marks.replaceChildren(); tip.hidden = true; };
  const show = (x) => {
    clear();
    const snapped = longest.x[nearest(longest.x, x)];
    element('line', { class: 'cursor', x1: px(snapped), x2: px(snapped), y1: margin.top, y2: height - margin.bottom }, marks);
    tip.replaceChildren();
    const head = document.createElement('b');
    head.textContent = `${data.axes[state.x]} ${compact(snapped)}`;
    const table = document.createElement('table');
    for (const line of lines) {
      const i = nearest(line.x, snapped);
      const stroke = colour(line.run, line.series);
      element('circle', { cx: px(line.x[i]), cy: py(line.y[i]), r: 3.5, fill: stroke }, marks);
      const row = table.insertRow();
      const swatch = document.createElement('span');
      swatch.className = 'swatch';
      swatch.style.background = stroke;
      const elsewhere = line.x[i] === snapped ? '' : ` (at ${compact(line.x[i])})`;
      row.insertCell().append(swatch, line.label + elsewhere);
      row.insertCell().textContent = format(chart.unit, line.raw[i]);
    }
    tip.append(head, table);
    tip.hidden = false;
    const box = chart.figure.getBoundingClientRect();
    const x0 = (px(snapped) / width) * svg.getBoundingClientRect().width + 12;
    const beside = x0 + 14 + tip.offsetWidth < box.width ? x0 + 14 : x0 - 14 - tip.offsetWidth;
    tip.style.left = `${Math.max(4, beside)}px`;
    tip.style.top = `${svg.offsetTop + 6}px`;
  };
  const valueAt = (event) => {
    const box = svg.getBoundingClientRect();
    const inside = ((event.clientX - box.left) / box.width) * width;
    return left + ((inside - margin.left) / (width - margin.left - margin.right)) * (right - left);
  };
  svg.addEventListener('pointermove', (event) => {
    const x = valueAt(event);
    show(Math.min(right, Math.max(left, x)));
    if (from !== null) {
      const a = px(Math.max(left, Math.min(from, x))), b = px(Math.min(right, Math.max(from, x)));
      element('rect', { class: 'select', x: a, y: margin.top, width: Math.max(0, b - a), height: height - margin.top - margin.bottom }, marks);
    }
  });
  svg.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && event.button === 0) { from = valueAt(event); event.preventDefault(); svg.focus(); }
  });
  svg.addEventListener('pointerup', (event) => {
    if (from === null) return;
    const to = valueAt(event), chosen = [Math.min(from, to), Math.max(from, to)];
    from = null;
    if (chosen[1] - chosen[0] > (right - left) * 0.01) { state.range = chosen; redraw(); }
  });
  svg.addEventListener('dblclick', () => { state.range = null; redraw(); });
  svg.addEventListener('pointerleave', () => { from = null; clear(); });
  svg.addEventListener('blur', clear);
  svg.addEventListener('keydown', (event) => {
    const last = longest.x.length - 1;
    const moves = { ArrowRight: at + 1, ArrowLeft: at < 0 ? last : at - 1, Home: 0, End: last };
    if (event.key === 'Escape') { state.range = null; redraw(); return; }
    if (!(event.key in moves)) return;
    at = Math.min(last, Math.max(0, moves[event.key]));
    show(longest.x[at]);
    event.preventDefault();
  });
};

const charts = data.charts.map((chart) => {
  const figure = document.createElement('figure');
  figure.className = chart.wide ? 'chart wide' : 'chart';
  const caption = document.createElement('figcaption');
  const title = document.createElement('h3');
  title.textContent = chart.title;
  caption.append(title);
  if (chart.series.length > 1) {
    const keys = document.createElement('span');
    keys.className = 'keys';
    chart.series.forEach((series, s) => {
      const key = document.createElement('span');
      const sample = element('svg', { width: 22, height: 8, 'aria-hidden': true });
      const stroke = many ? 'var(--quiet)' : colour(0, s);
      element('line', { x1: 0, x2: 22, y1: 4, y2: 4, stroke, 'stroke-width': 2, 'stroke-dasharray': dash(s) }, sample);
      key.append(sample, series.label);
      keys.append(key);
    });
    caption.append(keys);
  }
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  figure.append(caption, tip);
  document.getElementById('charts').append(figure);
  return { ...chart, figure, tip };
});

const redraw = () => {
  document.getElementById('whole').hidden = state.range === null;
  charts.forEach(draw);
};
document.getElementById('x').addEventListener('change', (event) => { state.x = event.target.value; state.range = null; redraw(); });
document.getElementById('smooth').addEventListener('input', (event) => { state.smooth = +event.target.value; redraw(); });
document.getElementById('log').addEventListener('change', (event) => { state.log = event.target.checked; redraw(); });
document.getElementById('whole').addEventListener('click', () => { state.range = null; redraw(); });
for (const button of document.querySelectorAll('.controls [data-run]')) {
  button.addEventListener('click', () => {
    const run = +button.dataset.run, shown = state.hidden.delete(run);
    if (!shown) state.hidden.add(run);
    button.setAttribute('aria-pressed', shown);
    redraw();
  });
}
document.getElementById('only')?.addEventListener('change', (event) => {
  document.getElementById('configuration').classList.toggle('only-different', event.target.checked);
});
let waiting = 0;
addEventListener('resize', () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(redraw);
});
redraw();
