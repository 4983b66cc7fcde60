package dev.linnet.console.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** Scripts and styles. Each address carries a hash of what it leads to, so that browsers may keep it for ever. */
final class Assets {
    private static final String PREFIX = "/assets/";
    private static final String JARS = "/META-INF/resources/webjars/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final Map<String, Place> PLACES = Map.of(
            "console.css", new Place("console.css", STYLE),
            "console.js", new Place("console.js", SCRIPT),
            "charts.js", new Place("charts.js", SCRIPT),
            "graph.js", new Place("graph.js", SCRIPT),
            "icon.svg", new Place("icon.svg", "image/svg+xml"),
            "htmx.js", new Place(JARS + "htmx.org/" + version("htmx.org") + "/dist/htmx.min.js", SCRIPT),
            "uplot.js", new Place(JARS + "uplot/" + version("uplot") + "/dist/uPlot.iife.min.js", SCRIPT),
            "uplot.css", new Place(JARS + "uplot/" + version("uplot") + "/dist/uPlot.min.css", STYLE));

    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    private record Place(String resource, String type) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asset(String type, String hash, byte[] packed) {}

    /** As the WebJar's own description says, so that only the POM names it. */
    private static String version(String jar) {
        String resource = "/META-INF/maven/org.webjars.npm/" + jar + "/pom.properties";
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            java.util.Properties properties = new java.util.Properties();
            properties.load(Objects.requireNonNull(in, resource));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** Where an asset is, by its name. */
    String address(String name) {
        return PREFIX + name + "?v=" + asset(name).hash;
    }

    /** What is there. */
    Optional<Reply> find(String path) {
        // Browsers ask for the latter by themselves where a page names no icon.
        String asked = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        String name = path.equals("/favicon.ico") ? "icon.svg" : asked;
        if (!PLACES.containsKey(name)) {
            return Optional.empty();
        }
        Asset asset = asset(name);
        return Optional.of(new Reply(
                200,
                asset.type,
                asset.packed,
                Map.of("Cache-Control", "public, max-age=31536000, immutable", "Content-Encoding", "gzip")));
    }

    private Asset asset(String name) {
        return loaded.computeIfAbsent(name, Assets::load);
    }

    private static Asset load(String name) {
        Place place = Objects.requireNonNull(PLACES.get(name), name);
        try (InputStream in = Assets.class.getResourceAsStream(place.resource)) {
            byte[] content = Objects.requireNonNull(in, place.resource).readAllBytes();
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
            return new Asset(place.type, hash, packed(content));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + place.resource, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    static byte[] packed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return out.toByteArray();
    }
}
