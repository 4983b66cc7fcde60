package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.e2e.Chromium.Held;

/** A page that is left open while its stream brings thousands of news. */
final class OpenTab {
    /** Before a page's own scripts: makes its stream one that a test can speak on. */
    static final String SCRIPT = """
            {
              const Real = window.EventSource;
              window.EventSource = class extends Real { constructor(url) { super(url); window.stream = this; } };
              window.say = (name, data) => stream.dispatchEvent(new MessageEvent(name, {data}));
            }""";

    /** Every part is new each time, and the curves go on by a second. */
    static final String RELEASE = """
            (async (from, to) => {
              window.parts ??= [...document.querySelectorAll('[data-part]')].filter(part => part.dataset.part !== 'points').map(part => [part.dataset.part, part.innerHTML]);
              window.begin ??= Date.now() / 1000 + 3600;
              for (let i = from; i < to; i++) {
                parts.forEach(([name, html]) => say(name, `${html}<p>${i}</p>`));
                const side = {rate: [i % 50], success: [100 - i % 3], p50: [i % 7], p95: [i % 70], p99: [i % 90]};
                say('points', JSON.stringify({at: [begin + i], primary: side, canary: side}));
                if (i % 50 === 0) await new Promise(done => setTimeout(done));
              }
              return true;
            })""";

    /** Fifty workloads, one of which is another one each time. */
    static final String GRAPH = """
            (async (from, to) => {
              for (let i = from; i < to; i++) {
                const nodes = [], edges = [], places = {width: 1000, height: 800, nodes: {}, lines: {}};
                for (let n = i; n < i + 50; n++) {
                  nodes.push({id: `w${n}`, kind: 'workload', name: `service-${n}`, version: 'v1', namespace: 'test', called: true, health: 'ok', rate: i % 9, errors: 0});
                  places.nodes[`w${n}`] = [n % 5 * 200 + 92, n % 10 * 80 + 23];
                  places.lines[`w${n - 1}|w${n}|test/s${n}`] = ['M0 0 L100 100', 50, 50];
                  if (n > i) edges.push({key: `w${n - 1}|w${n}|test/s${n}`, from: `w${n - 1}`, to: `w${n}`, service: `test/s${n}`, rate: i % 9 + 1, share: 1, errors: 0, health: 'ok', p50: 1, p95: 2, p99: 3});
                }
                say('places', JSON.stringify(places));
                say('graph', JSON.stringify({nodes, edges}));
                if (i % 50 === 0) await new Promise(done => setTimeout(done));
              }
              return true;
            })""";

    private static final int WARM = 400;

    /**
     * Some hours' news, one a second, in a few minutes. They stand for a day: what a news leaves behind, each leaves, so that memory grows as a
     * line does, and less than {@link #FEW_RESIDENT} after these is less than 150 MB after the 86,400 of a day.
     */
    private static final int NEWS = 10_000;

    private static final int AT_ONCE = 200;
    private static final int FEW = 500;
    private static final long FEW_BYTES = 4 << 20;
    private static final long FEW_RESIDENT = 16 << 20;

    private OpenTab() {}

    /** What a page holds in the end is what it held before, but for what the browser itself may keep. */
    static void assertDoesNotGrow(Chromium browser, String news) {
        tell(browser, news, 0, WARM);
        Held before = browser.held();
        tell(browser, news, WARM, WARM + NEWS);
        Held after = browser.held();

        assertThat(after.nodes() - before.nodes()).as("nodes").isLessThan(FEW);
        assertThat(after.listeners() - before.listeners()).as("listeners").isLessThan(FEW);
        assertThat(after.bytes() - before.bytes()).as("bytes").isLessThan(FEW_BYTES);
        assertThat(after.residentMoreThan(before)).as("resident bytes").isLessThan(FEW_RESIDENT);
    }

    private static void tell(Chromium browser, String news, int from, int to) {
        for (int i = from; i < to; i += AT_ONCE) {
            browser.evaluate(news + "(" + i + ", " + Math.min(to, i + AT_ONCE) + ")");
        }
    }
}
