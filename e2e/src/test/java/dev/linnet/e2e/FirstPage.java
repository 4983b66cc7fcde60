package dev.linnet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** How long the page took that a browser shows, in milliseconds since it was asked for, and what came over the wire for it. */
final class FirstPage {
    private static final int TIMES = 20;
    private static final String MEASURED = """
            (page => ({html: page.responseEnd, shown: performance.getEntriesByName('first-contentful-paint')[0].startTime, loaded: page.loadEventEnd,
              bytes: [page, ...performance.getEntriesByType('resource')].reduce((sum, part) => sum + part.transferSize, 0)}))(performance.getEntriesByType('navigation')[0])""";

    private FirstPage() {}

    static JsonNode of(Chromium browser) {
        browser.await(
                "performance.getEntriesByType('navigation')[0].loadEventEnd > 0 && performance.getEntriesByName('first-contentful-paint').length");
        return browser.evaluate(MEASURED);
    }

    /** The same page many times. */
    static JsonNode again(Chromium browser, String url) {
        ArrayNode pages = JsonNodeFactory.instance.arrayNode();
        for (int time = 0; time < TIMES; time++) {
            browser.open("about:blank#" + time);
            browser.open(url);
            pages.add(of(browser));
        }
        return pages;
    }
}
