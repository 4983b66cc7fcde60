// Draws who calls whom. Nodes keep their elements from one picture to the next, so that nothing jumps and nothing grows.
(() => {
  'use strict';
  const box = document.getElementById('graph');
  if (!box) return;
  const svg = box.querySelector('svg');
  const detail = document.getElementById('detail');
  const tools = document.getElementById('graph-tools');
  const page = document.getElementById('graph-page');
  const NS = 'http://www.w3.org/2000/svg';
  const WIDTH = 184, HEIGHT = 46, COLUMN = 320, ROW = 78;
  const SLIM = 560; // in boxes below this width small graphs are drawn downwards
  const LEVEL = 128, NEXT = 204;
  const MOVING = 40; // edges at most
  const FAR = 1.8; // from here on labels would be too small to read
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const nodes = new Map();
  const edges = new Map();
  let picture = {nodes: [], edges: []};
  let chosen = '';
  let view = null;
  let moved = false;
  let down = null; // until there is something to draw

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const lines = make('g');
  const boxes = make('g');
  svg.append(lines, boxes);

  const number = value => value >= 1000 ? `${(value / 1000).toFixed(1)}k` : value >= 10 ? value.toFixed(0) : value.toFixed(1);
  const percent = part => `${(100 * part).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`;
  const label = edge => {
    const kind = document.getElementById('labels').value;
    return kind === 'share' ? percent(edge.share) : kind === 'time' ? `${number(edge.p95)} ms` : `${number(edge.rate)}/s`;
  };
  const weight = node => node.release ? `${box.dataset.weight} ${node.weight} %` : '';
  const title = node => node.kind === 'edge' ? box.dataset.outside : node.name;
  const distinct = node => node.version && node.version !== node.name && !node.name.endsWith(`-${node.version}`);
  const whole = node => distinct(node) ? `${title(node)} ${node.version}` : title(node);
  const cut = text => text.length > 24 ? `${text.slice(0, 23)}…` : text;
  const place = node => down ? [node.row * NEXT, node.layer * LEVEL] : [node.layer * COLUMN, node.row * ROW];
  const keyOf = edge => `${edge.from}|${edge.to}|${edge.service}`;

  function show(data) {
    picture = data;
    box.querySelector('.empty').hidden = data.nodes.length > 0;
    set(svg, 'aria-label', box.dataset.picture.replace('{0}', data.nodes.length).replace('{1}', data.edges.length));
    if (down === null && data.nodes.length) orient();
    const known = new Map(data.nodes.map(node => [node.id, node]));
    keep(nodes, new Set(known.keys()));
    keep(edges, new Set(data.edges.map(keyOf)));
    data.nodes.forEach(showNode);
    data.edges.forEach(edge => showEdge(edge, known.get(edge.from), known.get(edge.to)));
    if (!still) showTraffic();
    if (!moved) fit();
    tell();
  }

  function keep(elements, wanted) {
    for (const [key, element] of elements) {
      if (!wanted.has(key)) {
        element.remove();
        elements.delete(key);
      }
    }
  }

  // An element is touched only where it says something else than before: most say the same from one second to the next.
  function set(part, name, value) {
    const text = String(value);
    if (part.getAttribute(name) !== text) part.setAttribute(name, text);
  }
  function write(part, text) {
    if (part.textContent !== text) part.textContent = text;
  }

  function showNode(node) {
    let element = nodes.get(node.id);
    if (!element) {
      element = make('g', {tabindex: 0, role: 'button'},
        make('title'),
        make('rect', {width: WIDTH, height: HEIGHT, x: -WIDTH / 2, y: -HEIGHT / 2, rx: 9}),
        make('rect', {class: 'g-flag', width: 5, height: HEIGHT - 16, x: -WIDTH / 2 + 7, y: -HEIGHT / 2 + 8, rx: 2.5, stroke: 'none'}),
        make('text', {x: -WIDTH / 2 + 18, y: -3}),
        make('text', {x: -WIDTH / 2 + 18, y: 14, class: 'second'}));
      choosable(element, node.id);
      nodes.set(node.id, element);
      boxes.append(element);
    }
    const [x, y] = place(node);
    const [tip, , flag, first, second] = element.children;
    set(element, 'class', `g-node ${node.kind} ${node.health}${node.release ? ' release' : ''}${node.canary ? ' canary' : ''}${chosen === node.id ? ' chosen' : ''}`);
    set(element, 'transform', `translate(${x} ${y})`);
    set(element, 'aria-label', `${whole(node)} ${number(node.rate)}/s, ${percent(node.errors)}`);
    set(flag, 'visibility', node.release ? 'visible' : 'hidden');
    write(tip, whole(node));
    write(first, cut(title(node)));
    const version = distinct(node) ? `${node.version} · ` : '';
    write(second, cut(`${node.release ? `${node.weight} % · ` : ''}${version}${node.namespace}`));
  }

  function showEdge(edge, from, to) {
    const key = keyOf(edge);
    let element = edges.get(key);
    if (!element) {
      element = make('g', {tabindex: 0, role: 'button'}, make('path', {class: 'touch'}), make('path', {class: 'line'}),
        make('text', {}, make('tspan'), make('tspan', {class: 'weight'})));
      choosable(element, key);
      edges.set(key, element);
      lines.append(element);
    }
    const [x1, y1] = place(from);
    const [x2, y2] = place(to);
    const path = down ? routeDown(x1, y1, x2, y2, from === to) : route(x1, y1, x2, y2, from === to);
    const [touch, line, text] = element.children;
    const [said, wanted] = text.children;
    set(element, 'class', `g-edge ${edge.health}${chosen === key ? ' chosen' : ''}${to.canary ? ' to-canary' : ''}`);
    set(element, 'aria-label', `${title(from)} → ${title(to)}: ${number(edge.rate)}/s, ${percent(edge.errors)}, ${number(edge.p95)} ms${to.release ? `, ${weight(to)}` : ''}`);
    set(touch, 'd', path);
    set(line, 'd', path);
    write(said, `${label(edge)}${edge.errors > 0 ? ` · ${percent(edge.errors)} ✕` : ''}`);
    write(wanted, weight(to));
    const x = (x1 + x2) / 2, y = (y1 + y2) / 2;
    set(said, 'x', x);
    set(said, 'y', to.release ? y - 3 : y + 4);
    set(wanted, 'x', x);
    set(wanted, 'y', y + 11);
  }

  // What moves is drawn anew sixty times a second: only the busiest calls do.
  function showTraffic() {
    const busy = [...picture.edges].filter(edge => edge.rate > 0).sort((one, other) => other.rate - one.rate).slice(0, MOVING);
    const moving = new Set(busy.map(keyOf));
    for (const [key, element] of edges) if (!moving.has(key)) element.querySelector('.pulse')?.remove();
    for (const edge of busy) {
      const element = edges.get(keyOf(edge));
      let pulse = element.querySelector('.pulse');
      if (!pulse) {
        pulse = make('circle', {class: 'pulse', r: 3.5}, make('animateMotion', {repeatCount: 'indefinite'}));
        element.append(pulse);
      }
      set(pulse.firstChild, 'path', element.querySelector('.line').getAttribute('d'));
      set(pulse.firstChild, 'dur', `${edge.rate > 50 ? 1.2 : edge.rate > 5 ? 2 : 3.5}s`);
    }
  }

  function route(x1, y1, x2, y2, self) {
    if (self) return `M${x1 + WIDTH / 2} ${y1 - 8} c50 -50 50 66 0 16`;
    if (x2 > x1) {
      const from = x1 + WIDTH / 2, to = x2 - WIDTH / 2, bend = (to - from) / 2;
      return `M${from} ${y1} C${from + bend} ${y1} ${to - bend} ${y2} ${to} ${y2}`;
    }
    const up = Math.min(y1, y2) - ROW;
    return `M${x1} ${y1 - HEIGHT / 2} C${x1} ${up} ${x2} ${up} ${x2} ${y2 - HEIGHT / 2}`;
  }

  function orient() {
    const rows = 1 + 2 * Math.max(...picture.nodes.map(node => Math.abs(node.row)));
    const layers = 1 + Math.max(...picture.nodes.map(node => node.layer));
    down = box.clientWidth < SLIM && rows * NEXT <= layers * COLUMN;
  }

  function routeDown(x1, y1, x2, y2, self) {
    if (self) return `M${x1 - 8} ${y1 + HEIGHT / 2} c-50 50 66 50 16 0`;
    if (y2 > y1) {
      const from = y1 + HEIGHT / 2, to = y2 - HEIGHT / 2, bend = (to - from) / 2;
      return `M${x1} ${from} C${x1} ${from + bend} ${x2} ${to - bend} ${x2} ${to}`;
    }
    const side = Math.max(x1, x2) + NEXT;
    return `M${x1 + WIDTH / 2} ${y1} C${side} ${y1} ${side} ${y2} ${x2 + WIDTH / 2} ${y2}`;
  }

  function choosable(element, key) {
    element.addEventListener('click', () => choose(key));
    element.addEventListener('keydown', event => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        choose(key);
      }
    });
  }

  function choose(key) {
    chosen = chosen === key ? '' : key;
    for (const elements of [nodes, edges]) for (const [other, element] of elements) element.classList.toggle('chosen', other === chosen);
    tell(true);
  }

  let told = '';
  function tell(now) {
    const text = JSON.stringify([chosen, picture.nodes.find(node => node.id === chosen), picture.edges.filter(edge => keyOf(edge) === chosen || edge.from === chosen || edge.to === chosen)]);
    if (!now && text === told) return;
    told = text;
    detail.replaceChildren(...(details() || [hint()]));
  }

  function hint() {
    const text = document.createElement('p');
    text.className = 'hint';
    text.textContent = detail.dataset.hint;
    return text;
  }

  function details() {
    const node = picture.nodes.find(one => one.id === chosen);
    if (node) return nodeDetails(node);
    const edge = picture.edges.find(one => keyOf(one) === chosen);
    return edge ? edgeDetails(edge) : null;
  }

  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };
  function list(facts) {
    const made = document.createElement('dl');
    facts.forEach(([name, value]) => made.append(element('dt', name), element('dd', value)));
    return made;
  }

  function nodeDetails(node) {
    const words = detail.dataset;
    const named = id => { const other = picture.nodes.find(one => one.id === id); return other ? title(other) : id; };
    const parts = [element('h3', whole(node)), list([
      [words.namespace, node.namespace || '–'], [words.rate, `${number(node.rate)}/s`], [words.errors, percent(node.errors)]])];
    if (node.release) {
      const link = element('a', words.release);
      link.href = node.release;
      parts.push(link);
    }
    const called = picture.edges.filter(edge => edge.to === node.id);
    const calls = picture.edges.filter(edge => edge.from === node.id);
    if (called.length) parts.push(element('h3', words.called), list(called.map(edge => [named(edge.from), `${number(edge.rate)}/s`])));
    if (calls.length) parts.push(element('h3', words.calls), list(calls.map(edge => [named(edge.to), `${number(edge.rate)}/s · ${percent(edge.share)}`])));
    return parts;
  }

  function edgeDetails(edge) {
    const words = detail.dataset;
    const named = id => { const other = picture.nodes.find(one => one.id === id); return other ? title(other) : id; };
    return [element('h3', `${named(edge.from)} → ${named(edge.to)}`), list([
      ['Service', edge.service || '–'], [words.rate, `${number(edge.rate)}/s`], [words.share, percent(edge.share)], [words.errors, percent(edge.errors)],
      ['p50', `${number(edge.p50)} ms`], ['p95', `${number(edge.p95)} ms`], ['p99', `${number(edge.p99)} ms`]])];
  }

  function fit() {
    if (!picture.nodes.length || !svg.clientWidth || !svg.clientHeight) return; // not laid out yet
    const xs = picture.nodes.map(node => place(node)[0]);
    const ys = picture.nodes.map(node => place(node)[1]);
    const left = Math.min(...xs) - WIDTH / 2 - 40, right = Math.max(...xs) + WIDTH / 2 + 40;
    const top = Math.min(...ys) - HEIGHT - 30, bottom = Math.max(...ys) + HEIGHT + 30;
    const scale = Math.max((right - left) / svg.clientWidth, (bottom - top) / svg.clientHeight, 0.7);
    const width = svg.clientWidth * scale, height = svg.clientHeight * scale;
    view = {x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height};
    look();
  }

  function look() {
    svg.classList.toggle('far', view.width > FAR * svg.clientWidth);
    svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  function zoom(factor, x = 0.5, y = 0.5) {
    if (!view) return;
    moved = true;
    const width = Math.min(Math.max(view.width * factor, 200), 20000);
    const height = width * view.height / view.width;
    view = {x: view.x + (view.width - width) * x, y: view.y + (view.height - height) * y, width, height};
    look();
  }

  box.querySelector('.zoom').addEventListener('click', event => {
    const kind = event.target.dataset.zoom;
    if (kind === 'fit') {
      moved = false;
      fit();
    } else if (kind) zoom(kind === 'in' ? 0.8 : 1.25);
  });
  svg.addEventListener('wheel', event => {
    event.preventDefault();
    const place = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 0.9 : 1.11, (event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height);
  }, {passive: false});
  let grip = null;
  svg.addEventListener('pointerdown', event => { grip = view && {x: event.clientX, y: event.clientY, view: {...view}}; });
  addEventListener('pointermove', event => {
    if (!grip) return;
    const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
    if (Math.abs(dx) + Math.abs(dy) < 4) return;
    moved = true;
    const scale = grip.view.width / svg.clientWidth;
    view = {...grip.view, x: grip.view.x - dx * scale, y: grip.view.y - dy * scale};
    look();
  });
  addEventListener('pointerup', () => { grip = null; });

  tools.addEventListener('submit', event => event.preventDefault());
  tools.addEventListener('change', event => {
    if (event.target.id === 'labels') {
      show(picture);
      return;
    }
    const query = new URLSearchParams(new FormData(tools));
    page.dataset.stream = `/live/graph?${query}`;
    history.replaceState(null, '', `/graph?${query}`);
    moved = false;
    document.dispatchEvent(new CustomEvent('linnet:look'));
  });
  document.addEventListener('linnet:graph', ({detail: data}) => show(data));
  new ResizeObserver(() => {
    const before = down;
    if (picture.nodes.length) orient();
    if (down !== before) {
      moved = false;
      show(picture);
    } else if (!moved) fit();
  }).observe(box);
})();
