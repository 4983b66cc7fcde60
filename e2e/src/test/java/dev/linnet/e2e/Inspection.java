package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Looks at the page that a browser shows; with {@code -Dlinnet.pictures=DIR} it takes pictures. */
record Inspection(Chromium browser) {

    /** What is cut off, and neither to be scrolled to by everybody nor told by a title. */
    private static final String CUT_OFF = """
            [...document.querySelectorAll('body *')].filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1
                && getComputedStyle(part).overflowX !== 'visible' && !part.matches('input, select, textarea')
                && !part.closest('[tabindex="0"], [title], svg, .plot, .unseen, thead'))
              .map(part => `${part.tagName} ${part.className}: ${part.textContent.trim().slice(0, 60)}`)""";

    /** No script has failed, the policy was kept, nothing runs out of the window or is cut off, and axe finds nothing serious. */
    void assertFit(String name) throws Exception {
        assertThat(browser.complaints()).isEmpty();
        pictures(name);
        for (int width : List.of(1440, 1024, 390)) {
            browser.size(width, 900, false);
            assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth")
                            .asInt())
                    .as(name + " at " + width)
                    .isLessThanOrEqualTo(0);
            assertThat(browser.evaluate(CUT_OFF)).as(name + " at " + width).isEmpty();
        }
        for (boolean dark : List.of(false, true)) {
            browser.size(1440, 900, dark);
            assertThat(problems()).as(name + (dark ? ", dark" : ", light")).isEmpty();
        }
    }

    /** The same page in Chinese; then it is English again. */
    void assertFitInChinese(String name, String ready) throws Exception {
        open("zh", ready);
        assertFit(name + "-zh");
        open("en", ready);
    }

    private void open(String language, String ready) {
        browser.open(browser.evaluate("(url => { url.searchParams.set('lang', '" + language
                        + "'); return url.href; })(new URL(location))")
                .asText());
        browser.await("document.documentElement.lang === '" + language + "' && " + ready);
    }

    private List<String> problems() throws Exception {
        String resource = "/axe.min.js";
        try (InputStream in = Objects.requireNonNull(Inspection.class.getResourceAsStream(resource), resource)) {
            String axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            browser.evaluate(axe + ";0");
        }
        JsonNode found = browser.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(r => r.violations"
                        + ".filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))");
        List<String> problems = new ArrayList<>();
        found.forEach(problem -> problems.add(problem.asText()));
        return problems;
    }

    /** What was measured, beside the pictures. Nothing is asserted of it: machines differ. */
    void note(String name, JsonNode measured) throws IOException {
        String folder = System.getProperty("linnet.pictures", "");
        if (!folder.isEmpty()) {
            Files.createDirectories(Path.of(folder));
            Files.writeString(Path.of(folder, name), measured.toPrettyString() + "\n");
        }
    }

    /** Of states that last too short for more. */
    void pictures(String name) throws Exception {
        String folder = System.getProperty("linnet.pictures", "");
        if (folder.isEmpty()) {
            return;
        }
        for (int width : List.of(1440, 1024, 390)) {
            for (boolean dark : List.of(false, true)) {
                browser.size(width, width == 390 ? 844 : 900, dark);
                browser.picture(Path.of(folder, name + "-" + width + (dark ? "-dark" : "") + ".png"));
            }
        }
    }
}
