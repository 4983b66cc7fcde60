// Draws who calls whom, where the server has laid it out. Nodes keep their elements from one picture to the next, so that nothing jumps and
// nothing grows.
(() => {
  'use strict';
  const box = document.getElementById('graph');
  if (!box) return;
  const svg = box.querySelector('svg');
  const detail = document.getElementById('detail');
  const tools = document.getElementById('graph-tools');
  const page = document.getElementById('graph-page');
  const NS = 'http://www.w3.org/2000/svg';
  const WIDTH = 184, HEIGHT = 46, MARGIN = 24;
  const SLIM = 560; // boxes below this width want slim pictures
  const READABLE = 1.3; // in which what does not fit is seen by its beginning: nothing on it could be read otherwise
  const MOVING = 40; // edges at most
  const FAR = 1.8; // from here on labels would be too small to read
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const nodes = new Map();
  const edges = new Map();
  let picture = {nodes: [], edges: []};
  let places = {width: 0, height: 0, down: false, nodes: {}, lines: {}};
  let chosen = '';
  let view = null;
  let moved = false;
  let slim = box.clientWidth < SLIM;

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const lines = make('g');
  const boxes = make('g');
  svg.append(lines, boxes);

  const number = value => value >= 1000 ? `${(value / 1000).toFixed(1)}k` : value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  const speed = rate => `${number(rate)}${box.dataset.second}`;
  const percent = part => `${(100 * part).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`;
  const label = edge => {
    const kind = document.getElementById('labels').value;
    return kind === 'share' ? percent(edge.share) : kind === 'time' ? `${number(edge.p95)} ms` : speed(edge.rate);
  };
  const weight = node => node.release ? `${box.dataset.weight} ${node.weight} %` : '';
  const title = node => node.kind === 'edge' ? box.dataset.outside : node.kind === 'unknown' && node.name === 'unknown' ? box.dataset.unknown : node.name;
  const distinct = node => node.version && node.version !== node.name && !node.name.endsWith(`-${node.version}`);
  const whole = node => distinct(node) ? `${title(node)} ${node.version}` : title(node);
  const cut = text => text.length > 24 ? `${text.slice(0, 23)}…` : text;

  function show(data) {
    picture = data;
    box.querySelector('.empty').hidden = data.nodes.length > 0;
    set(svg, 'aria-label', box.dataset.picture.replace('{0}', data.nodes.length).replace('{1}', data.edges.length));
    const known = new Map(data.nodes.map(node => [node.id, node]));
    keep(nodes, new Set(known.keys()));
    keep(edges, new Set(data.edges.map(edge => edge.key)));
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
        make('text', {x: -WIDTH / 2 + 18}),
        make('text', {x: -WIDTH / 2 + 18, y: 14, class: 'second'}));
      choosable(element, node.id);
      nodes.set(node.id, element);
      boxes.append(element);
    }
    const [x, y] = places.nodes[node.id] || [0, 0];
    const [tip, , flag, first, second] = element.children;
    set(element, 'class', `g-node ${node.kind} ${node.health}${node.release ? ' release' : ''}${node.canary ? ' canary' : ''}${chosen === node.id ? ' chosen' : ''}`);
    set(element, 'transform', `translate(${x} ${y})`);
    set(element, 'aria-label', node.called ? `${whole(node)} ${speed(node.rate)}, ${percent(node.errors)}` : whole(node));
    set(flag, 'visibility', node.release ? 'visible' : 'hidden');
    write(tip, whole(node));
    write(first, cut(title(node)));
    const version = distinct(node) ? `${node.version} · ` : '';
    const more = `${node.release ? `${node.weight} % · ` : ''}${version}${node.namespace}`;
    set(first, 'y', more ? -3 : 5);
    write(second, cut(more));
  }

  function showEdge(edge, from, to) {
    const key = edge.key;
    let element = edges.get(key);
    if (!element) {
      element = make('g', {tabindex: 0, role: 'button'}, make('path', {class: 'touch'}), make('path', {class: 'line'}),
        make('text', {}, make('tspan'), make('tspan', {class: 'weight'})));
      choosable(element, key);
      edges.set(key, element);
      lines.append(element);
    }
    const [path, x, y] = places.lines[key] || ['', 0, 0];
    const [touch, line, text] = element.children;
    const [said, wanted] = text.children;
    set(element, 'class', `g-edge ${edge.health}${chosen === key ? ' chosen' : ''}${to.canary ? ' to-canary' : ''}`);
    set(element, 'aria-label', `${title(from)} → ${title(to)}: ${speed(edge.rate)}, ${percent(edge.errors)}, ${number(edge.p95)} ms${to.release ? `, ${weight(to)}` : ''}`);
    set(touch, 'd', path);
    set(line, 'd', path);
    write(said, `${label(edge)}${edge.errors > 0 ? ` · ${percent(edge.errors)} ✕` : ''}`);
    write(wanted, weight(to));
    set(said, 'x', x);
    // One row stands on the line; of two, one above and one below it, so that it does not shine through between them.
    set(said, 'y', to.release ? y - (places.down ? 2 : 7) : y + 4);
    set(wanted, 'x', x);
    set(wanted, 'y', y + (places.down ? 12 : 16));
  }

  // What moves is drawn anew sixty times a second: only the busiest calls do.
  function showTraffic() {
    const busy = [...picture.edges].filter(edge => edge.rate > 0).sort((one, other) => other.rate - one.rate).slice(0, MOVING);
    const moving = new Set(busy.map(edge => edge.key));
    for (const [key, element] of edges) if (!moving.has(key)) element.querySelector('.pulse')?.remove();
    for (const edge of busy) {
      const element = edges.get(edge.key);
      let pulse = element.querySelector('.pulse');
      if (!pulse) {
        pulse = make('circle', {class: 'pulse', r: 3.5}, make('animateMotion', {repeatCount: 'indefinite'}));
        element.append(pulse);
      }
      set(pulse.firstChild, 'path', element.querySelector('.line').getAttribute('d'));
      set(pulse.firstChild, 'dur', `${edge.rate > 50 ? 1.2 : edge.rate > 5 ? 2 : 3.5}s`);
    }
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
    const text = JSON.stringify([chosen, picture.nodes.find(node => node.id === chosen), picture.edges.filter(edge => edge.key === chosen || edge.from === chosen || edge.to === chosen)]);
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
    const edge = picture.edges.find(one => one.key === chosen);
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
    const called = picture.edges.filter(edge => edge.to === node.id);
    const calls = picture.edges.filter(edge => edge.from === node.id);
    const met = node.called ? [[words.rate, speed(node.rate)], [words.errors, percent(node.errors)]] : [];
    const parts = [element('h3', whole(node)), list([[words.namespace, node.namespace || '–'], ...met])];
    if (node.release) {
      const link = element('a', words.release);
      link.href = node.release;
      parts.push(link);
    }
    if (called.length) parts.push(element('h3', words.called), list(called.map(edge => [named(edge.from), speed(edge.rate)])));
    if (calls.length) parts.push(element('h3', words.calls), list(calls.map(edge => [named(edge.to), `${speed(edge.rate)} · ${percent(edge.share)}`])));
    return parts;
  }

  function edgeDetails(edge) {
    const words = detail.dataset;
    const named = id => { const other = picture.nodes.find(one => one.id === id); return other ? title(other) : id; };
    return [element('h3', `${named(edge.from)} → ${named(edge.to)}`), list([
      ['Service', edge.service || '–'], [words.rate, speed(edge.rate)], [words.share, percent(edge.share)], [words.errors, percent(edge.errors)],
      ['p50', `${number(edge.p50)} ms`], ['p95', `${number(edge.p95)} ms`], ['p99', `${number(edge.p99)} ms`]])];
  }

  // All of it. In a slim box it is seen by its beginning first, unless all of it is wanted.
  function fit(whole) {
    if (!picture.nodes.length || !svg.clientWidth || !svg.clientHeight) return; // not laid out yet
    const all = Math.max((places.width + 2 * MARGIN) / svg.clientWidth, (places.height + 2 * MARGIN) / svg.clientHeight, 0.85);
    const scale = slim && !whole ? Math.min(all, READABLE) : all;
    const width = svg.clientWidth * scale, height = svg.clientHeight * scale;
    const begin = places.nodes[picture.nodes[0].id] || [0, 0];
    const along = (middle, room, size) => room + 2 * MARGIN <= size ? (room - size) / 2
      : Math.min(Math.max(middle - size / 2, -MARGIN), room + MARGIN - size);
    view = {x: along(begin[0], places.width, width), y: along(begin[1], places.height, height), width, height};
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
      moved = slim;
      fit(true);
    } else if (kind) zoom(kind === 'in' ? 0.8 : 1.25);
  });
  svg.addEventListener('wheel', event => {
    event.preventDefault();
    const place = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 0.9 : 1.11, (event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height);
  }, {passive: false});
  // One finger moves the picture, two draw it nearer.
  const fingers = new Map();
  let grip = null;
  function hold() {
    const [one, other] = [...fingers.values()];
    grip = one && view && {x: one.x, y: one.y, view: {...view}, apart: other ? Math.hypot(one.x - other.x, one.y - other.y) : 0};
  }
  svg.addEventListener('pointerdown', event => {
    fingers.set(event.pointerId, {x: event.clientX, y: event.clientY});
    hold();
  });
  addEventListener('pointermove', event => {
    if (!grip || !fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, {x: event.clientX, y: event.clientY});
    const [one, other] = [...fingers.values()];
    if (other) {
      const apart = Math.hypot(one.x - other.x, one.y - other.y);
      const place = svg.getBoundingClientRect();
      zoom(grip.apart / Math.max(apart, 1), ((one.x + other.x) / 2 - place.left) / place.width, ((one.y + other.y) / 2 - place.top) / place.height);
      hold();
      return;
    }
    const dx = one.x - grip.x, dy = one.y - grip.y;
    if (Math.abs(dx) + Math.abs(dy) < 4) return;
    moved = true;
    const scale = grip.view.width / svg.clientWidth;
    view = {...grip.view, x: grip.view.x - dx * scale, y: grip.view.y - dy * scale};
    look();
  });
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, event => {
    if (fingers.delete(event.pointerId)) hold();
  });

  tools.addEventListener('submit', event => event.preventDefault());
  tools.addEventListener('change', event => {
    if (event.target.id === 'labels') {
      show(picture);
      return;
    }
    const query = new URLSearchParams(new FormData(tools));
    history.replaceState(null, '', `/graph?${query}`);
    ask();
  });
  function ask() {
    moved = false;
    page.dataset.stream = `/live/graph?${new URLSearchParams(new FormData(tools))}${slim ? '&slim=1' : ''}`;
    document.dispatchEvent(new CustomEvent('linnet:look'));
  }
  document.addEventListener('linnet:places', ({detail: data}) => { places = data; });
  document.addEventListener('linnet:graph', ({detail: data}) => show(data));
  new ResizeObserver(() => {
    const before = slim;
    slim = box.clientWidth < SLIM;
    if (slim !== before) ask();
    if (!moved) fit();
  }).observe(box);
  if (slim) ask();
})();
