// What every page needs: the theme, ages, the confirmation dialog, and the stream by which a page stays true.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);

  $('#theme').addEventListener('click', () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    document.cookie = `linnet-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    document.dispatchEvent(new CustomEvent('linnet:theme'));
  });

  const unit = (name, value) => document.body.dataset[name].replace('{0}', Math.floor(value));
  const span = seconds => seconds < 60 ? unit('seconds', seconds)
    : seconds < 3600 ? unit('minutes', seconds / 60)
    : seconds < 86400 ? `${unit('hours', seconds / 3600)} ${unit('minutes', seconds / 60 % 60)}`
    : unit('days', seconds / 86400);
  const ages = (root = document) => root.querySelectorAll('time[data-age]').forEach(time => {
    const text = span(Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000)));
    if (time.textContent !== text) time.textContent = text;
  });
  ages();
  setInterval(ages, 1000);

  // A row leads where its first link leads.
  document.addEventListener('click', event => {
    const row = event.target.closest('tr.go');
    if (row && !event.target.closest('a, button, input') && !String(getSelection())) $('th a', row).click();
  });

  const dialog = $('#dialog');
  let opener = '';
  document.body.addEventListener('htmx:afterSwap', event => {
    if (event.target === dialog && !dialog.open) {
      opener = event.detail.requestConfig.elt.id;
      dialog.showModal();
    }
    ages(event.target);
    connect();
  });
  dialog.addEventListener('click', event => {
    if (event.target === dialog || event.target.closest('[data-close]')) {
      event.preventDefault();
      dialog.close();
    }
  });
  // News may have replaced what the browser would give the focus back to.
  dialog.addEventListener('close', () => document.getElementById(opener)?.focus({preventScroll: true}));
  document.addEventListener('keydown', event => {
    if (event.key === ' ' && event.target.matches('a[role="button"]')) {
      event.preventDefault();
      event.target.click();
    }
    if (event.key === '/' && !event.target.matches('input, textarea, select') && $('input[type="search"]')) {
      event.preventDefault();
      $('input[type="search"]').focus();
    }
  });
  if (location.search.includes('said=')) history.replaceState(null, '', location.pathname);

  // The stream: one for each page, none while nobody sees it. It gives a sign of life every few seconds; a connection without one is dead,
  // even if nobody says so: a laptop that slept, a network that was left, a proxy that forgot.
  let source = null;
  let address = '';
  let attempt = 0;
  let retry = 0;
  let lostSince = 0;
  let patience = 15000;
  let heardAt = 0;
  const connection = $('#connection');

  function connect() {
    const page = $('[data-stream]');
    const wanted = page && !document.hidden ? page.dataset.stream : '';
    if (wanted === address && (source || !wanted)) return;
    disconnect();
    address = wanted;
    if (!wanted) return;
    heardAt = Date.now();
    source = new EventSource(wanted);
    source.addEventListener('open', () => { heardAt = Date.now(); });
    source.addEventListener('error', lost);
    source.addEventListener('alive', event => {
      patience = Number(event.data);
      heard();
    });
    const names = new Set([...page.querySelectorAll('[data-part]')].map(part => part.dataset.part));
    names.forEach(name => source.addEventListener(name, event => {
      heard();
      show(name, event.data);
    }));
  }

  function disconnect() {
    clearTimeout(retry);
    if (source) source.close();
    source = null;
  }

  function heard() {
    heardAt = Date.now();
    regained();
  }

  setInterval(() => {
    if (source && Date.now() - heardAt > patience) {
      source.close();
      lost();
    }
  }, 1000);

  function show(name, data) {
    const target = $(`[data-stream] [data-part="${name}"]`);
    if (!target) return;
    if (['points', 'places', 'graph'].includes(name)) {
      document.dispatchEvent(new CustomEvent(`linnet:${name}`, {detail: JSON.parse(data)}));
      return;
    }
    const scrolled = [...target.querySelectorAll('[tabindex="0"]')].map(box => [box.scrollTop, box.scrollLeft]);
    const focused = target.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && !focused.id ? [...target.querySelectorAll('[tabindex="0"]')].indexOf(focused) : -1;
    const id = focused ? focused.id : '';
    target.innerHTML = data;
    htmx.process(target);
    ages(target);
    const boxes = target.querySelectorAll('[tabindex="0"]');
    scrolled.forEach(([top, left], index) => {
      if (boxes[index]) boxes[index].scrollTo(left, top);
    });
    const again = id ? document.getElementById(id) : boxes[place];
    if (again) again.focus({preventScroll: true});
  }

  function lost() {
    if (!lostSince) lostSince = Date.now();
    if (source && source.readyState === EventSource.CLOSED) source = null;
    if (!source) {
      attempt += 1;
      clearTimeout(retry);
      retry = setTimeout(connect, Math.min(500 * 2 ** attempt, 10000));
      fetch('/releases', {method: 'HEAD', headers: {'HX-Request': 'true'}, cache: 'no-store', signal: AbortSignal.timeout(5000)})
        .then(answer => { if (answer.status === 401) location.reload(); })
        .catch(() => {});
    }
    connection.textContent = document.body.dataset.lost;
    connection.className = '';
    connection.hidden = false;
  }

  function regained() {
    attempt = 0;
    if (!lostSince) return;
    lostSince = 0;
    connection.textContent = document.body.dataset.back;
    connection.className = 'back';
    setTimeout(() => { if (!lostSince) connection.hidden = true; }, 3000);
  }

  document.addEventListener('visibilitychange', connect);
  addEventListener('pagehide', () => { disconnect(); address = ''; });
  addEventListener('pageshow', connect);
  document.addEventListener('linnet:look', connect);
  connect();
})();
