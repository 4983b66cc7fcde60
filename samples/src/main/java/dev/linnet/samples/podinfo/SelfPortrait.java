package dev.linnet.samples.podinfo;

import dev.linnet.samples.serving.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What an instance tells about itself, to programs as JSON and to people as a page. */
record SelfPortrait(String pod, Options options) {
    /** What podinfo says when it is built from no commit. */
    static final String REVISION = "unknown";

    /** Shared by all instances: it is the same but for four words. */
    private static final String PAGE = page("page.html");

    /** @param active requests being answered */
    Map<String, String> shown(int active) {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("hostname", pod);
        shown.put("version", options.version());
        shown.put("revision", REVISION);
        shown.put("color", options.color());
        shown.put("logo", options.logo());
        shown.put("message", options.message());
        shown.put("goos", System.getProperty("os.name").toLowerCase(Locale.ROOT));
        shown.put("goarch", architecture());
        shown.put("runtime", "java" + Runtime.version().feature());
        shown.put("num_goroutine", Integer.toString(active));
        shown.put("num_cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return shown;
    }

    Map<String, String> version() {
        Map<String, String> version = new LinkedHashMap<>();
        version.put("commit", REVISION);
        version.put("version", options.version());
        return version;
    }

    Reply page() {
        String page = PAGE.replace("{{pod}}", escaped(pod))
                .replace("{{version}}", escaped(options.version()))
                .replace("{{message}}", escaped(options.message()));
        return Reply.of(200, "text/html; charset=utf-8", page)
                .with("Cache-Control", "no-store")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:");
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String page(String name) {
        try (InputStream in = SelfPortrait.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the samples' jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
