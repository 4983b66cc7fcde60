// The curves of a release: primary and canary over each other, with the thresholds, for the last five minutes.
(() => {
  'use strict';
  const WINDOW = 300;
  const box = document.getElementById('charts');
  const series = {at: [], primary: {}, canary: {}};
  for (const side of ['primary', 'canary']) for (const key of ['rate', 'success', 'p50', 'p95', 'p99']) series[side][key] = [];
  let percentile = 'p99';
  let plots = [];

  const colour = variable => {
    const probe = document.createElement('i');
    probe.style.color = `var(--${variable})`;
    box.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const clock = seconds => {
    const time = new Date(seconds * 1000);
    return `${String(time.getHours()).padStart(2, '0')}:${String(time.getMinutes()).padStart(2, '0')}`;
  };
  const short = value => value == null ? '–' : value >= 1000 ? `${+(value / 1000).toFixed(1)}k` : String(+value.toFixed(value < 10 ? 1 : 0));
  const exact = value => value == null ? '–' : String(+value.toFixed(2));

  function keyOf(figure) {
    return figure.dataset.chart === 'latency' ? percentile : figure.dataset.chart;
  }

  function data(figure) {
    const key = keyOf(figure);
    return [series.at, series.primary[key], series.canary[key]];
  }

  function range(figure, threshold) {
    return (_, low, high) => {
      if (figure.dataset.chart === 'success') {
        const floor = Math.min(low ?? 100, Number.isFinite(threshold) ? threshold : 100);
        const bottom = Math.max(0, Math.floor(floor - Math.max(1, (100 - floor) * 0.15)));
        return [bottom, 100 + (100 - bottom) * 0.03]; // a line at 100 is seen whole
      }
      const top = high ?? 1;
      const shown = Number.isFinite(threshold) && top >= threshold / 4 ? Math.max(top, threshold) : top;
      return [0, Math.max(shown * 1.12, 1)];
    };
  }

  function drawThreshold(threshold) {
    return plot => {
      if (!Number.isFinite(threshold)) return;
      const beyond = threshold > plot.scales.y.max;
      const y = beyond ? plot.bbox.top + 1 : plot.valToPos(threshold, 'y', true);
      const context = plot.ctx;
      context.save();
      context.strokeStyle = context.fillStyle = colour('bad');
      context.lineWidth = devicePixelRatio;
      context.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
      context.beginPath();
      context.moveTo(plot.bbox.left, y);
      context.lineTo(plot.bbox.left + plot.bbox.width, y);
      context.stroke();
      context.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      context.textAlign = 'left'; // the newest values are on the right
      const below = beyond || y < plot.bbox.top + 16 * devicePixelRatio;
      context.fillText(`${beyond ? '↑ ' : ''}${exact(threshold)}`, plot.bbox.left + 4 * devicePixelRatio, y + (below ? 13 : -5) * devicePixelRatio);
      context.restore();
    };
  }

  function tell(figure, plot) {
    const index = plot.cursor.idx ?? series.at.length - 1;
    const [, primary, canary] = data(figure);
    const output = figure.querySelector('output');
    output.replaceChildren();
    for (const [name, values] of [['primary', primary], ['canary', canary]]) {
      const part = document.createElement('span');
      part.className = name;
      part.title = box.dataset[name];
      part.textContent = exact(values[index]);
      output.append(part);
    }
  }

  function build() {
    plots.forEach(({plot}) => plot.destroy());
    plots = [...box.querySelectorAll('figure')].map(figure => {
      const holder = figure.querySelector('.plot');
      holder.classList.remove('waiting');
      if (!figure.querySelector('output')) figure.querySelector('figcaption').append(document.createElement('output'));
      const threshold = figure.dataset.threshold ? Number(figure.dataset.threshold) : NaN;
      const axis = {stroke: colour('soft'), font: '11px system-ui, sans-serif', grid: {stroke: colour('line'), width: 1}, ticks: {show: false}};
      const line = name => ({stroke: colour(name), width: 2, spanGaps: false, points: {show: false}});
      const plot = new uPlot({
        width: holder.clientWidth,
        height: holder.clientHeight,
        padding: [8, 18, 0, 0],
        legend: {show: false},
        cursor: {sync: {key: 'release'}, y: false, drag: {x: false, y: false}, points: {size: 6}},
        scales: {x: {time: true, range: (_, low, high) => [(high ?? WINDOW) - WINDOW, high ?? WINDOW]}, y: {range: range(figure, threshold)}},
        axes: [
          {...axis, grid: {show: false}, incrs: [60, 120], values: (plot, ticks) => ticks.map(tick => tick - plot.scales.x.min < 25 ? '' : clock(tick)), size: 28, gap: 4},
          {...axis, values: (_, ticks) => ticks.map(figure.dataset.chart === 'success' ? exact : short), size: 42, gap: 4, space: 34},
        ],
        series: [{}, line('primary'), line('canary')],
        hooks: {draw: [drawThreshold(threshold)], setCursor: [plot => tell(figure, plot)]},
      }, data(figure), holder);
      tell(figure, plot);
      return {figure, plot, holder};
    });
  }

  function redraw() {
    if (!plots.length) build();
    plots.forEach(({figure, plot}) => {
      plot.setData(data(figure));
      tell(figure, plot);
    });
  }

  for (const holder of box.querySelectorAll('.plot')) {
    holder.classList.add('waiting');
    holder.dataset.text = box.dataset.waiting;
  }
  document.addEventListener('linnet:points', ({detail}) => {
    if (!detail.at.length) return;
    const known = series.at.length ? series.at[series.at.length - 1] : 0;
    const from = detail.at.findIndex(at => at > known);
    if (from < 0) return;
    series.at.push(...detail.at.slice(from));
    for (const side of ['primary', 'canary']) for (const key in series[side]) series[side][key].push(...detail[side][key].slice(from));
    const old = series.at.findIndex(at => at >= series.at[series.at.length - 1] - WINDOW);
    if (old > 0) {
      series.at.splice(0, old);
      for (const side of ['primary', 'canary']) for (const key in series[side]) series[side][key].splice(0, old);
    }
    redraw();
  });
  document.getElementById('percentile').addEventListener('change', event => {
    percentile = event.target.value;
    if (plots.length) redraw();
  });
  const rebuild = () => { if (plots.length) build(); };
  document.addEventListener('linnet:theme', rebuild);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', rebuild);
  new ResizeObserver(() => plots.forEach(({plot, holder}) => plot.setSize({width: holder.clientWidth, height: holder.clientHeight}))).observe(box);
})();
