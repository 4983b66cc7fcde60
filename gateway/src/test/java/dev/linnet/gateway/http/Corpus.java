package dev.linnet.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Malformed heads and bodies from a table: why, and the bytes. */
public final class Corpus {
    /** One of them. */
    public record Entry(Rejection why, String escaped) {
        public byte[] bytes() {
            return unescaped(escaped);
        }

        @Override
        public String toString() {
            return why + " " + escaped;
        }
    }

    private Corpus() {}

    public static Stream<Entry> requests() {
        return read("malformed-requests.tsv").stream();
    }

    public static Stream<Entry> responses() {
        return read("malformed-responses.tsv").stream();
    }

    public static Stream<Entry> bodies() {
        return read("malformed-bodies.tsv").stream();
    }

    private static List<Entry> read(String name) {
        try (InputStream in = Objects.requireNonNull(Corpus.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .map(parts -> new Entry(Rejection.valueOf(parts[0]), parts[1]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] unescaped(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < escaped.length()) {
            char c = escaped.charAt(i++);
            if (c != '\\') {
                bytes.write(c);
                continue;
            }
            char escape = escaped.charAt(i++);
            switch (escape) {
                case 'r' -> bytes.write('\r');
                case 'n' -> bytes.write('\n');
                case 't' -> bytes.write('\t');
                case 'x' -> {
                    bytes.write(Integer.parseInt(escaped.substring(i, i + 2), 16));
                    i += 2;
                }
                default -> bytes.write(escape);
            }
        }
        return bytes.toByteArray();
    }
}
