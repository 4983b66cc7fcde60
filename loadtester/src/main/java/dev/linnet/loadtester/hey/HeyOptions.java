package dev.linnet.loadtester.hey;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code hey} command line says: {@code -z -n -q -c -m -H -d -D -host -t}, and {@code -A}, {@code -T}, {@code -disable-redirects}.
 *
 * @param duration how long; empty: until {@code requests} are sent
 * @param rate     requests a second of each worker; 0 for as many as it can
 * @param body     text, sent as UTF-8
 * @param timeout  of one request; empty for none
 * @param host     sent as {@code Host}; empty for the URL's
 */
public record HeyOptions(
        URI url,
        Optional<Duration> duration,
        int requests,
        int workers,
        double rate,
        String method,
        List<Header> headers,
        String body,
        Optional<Duration> timeout,
        Optional<String> host,
        boolean followRedirects) {
    private static final int MOST_WORKERS = 1_000;
    private static final Pattern LENGTH = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");

    public HeyOptions {
        headers = List.copyOf(headers);
    }

    /** A header line. */
    public record Header(String name, String value) {}

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException which says what is wrong and what would be right
     */
    public static HeyOptions parse(List<String> arguments) {
        return new Reading().read(arguments);
    }

    private static final class Reading {
        private Optional<Duration> duration = Optional.empty();
        private int requests = 200;
        private int workers = 50;
        private double rate;
        private String method = "GET";
        private final List<Header> headers = new ArrayList<>();
        private String body = "";
        private Optional<Duration> timeout = Optional.of(Duration.ofSeconds(20));
        private Optional<String> host = Optional.empty();
        private boolean followRedirects = true;
        private String url = "";

        HeyOptions read(List<String> arguments) {
            for (int i = 0; i < arguments.size(); i++) {
                String word = arguments.get(i);
                if (!word.startsWith("-")) {
                    url = word;
                } else if (!flag(name(word))) {
                    if (i + 1 == arguments.size()) {
                        throw new IllegalArgumentException("hey: " + word + " needs a value");
                    }
                    option(name(word), arguments.get(++i));
                }
            }
            if (workers > requests && duration.isEmpty()) {
                throw new IllegalArgumentException(
                        "hey: -n is " + requests + " (expected: at least -c, which is " + workers + ")");
            }
            return new HeyOptions(
                    uri(), duration, requests, workers, rate, method, headers, body, timeout, host, followRedirects);
        }

        /** Go takes one dash or two. */
        private static String name(String word) {
            return word.startsWith("--") ? word.substring(2) : word.substring(1);
        }

        private boolean flag(String name) {
            if (name.equals("disable-redirects")) {
                followRedirects = false;
                return true;
            }
            // Without effect here: connections are kept, and nothing is decompressed.
            return name.equals("disable-compression");
        }

        private void option(String name, String value) {
            switch (name) {
                case "z" -> duration = Optional.of(length(value));
                case "n" -> requests = number("-n", value, Integer.MAX_VALUE);
                case "c" -> workers = number("-c", value, MOST_WORKERS);
                case "q" -> rate = decimal(value);
                case "m" -> method = value;
                case "H" -> headers.add(header(value));
                case "A" -> headers.add(new Header("Accept", value));
                case "T" -> headers.add(new Header("Content-Type", value));
                case "d" -> body = value;
                case "D" -> body = file(value);
                case "t" -> timeout = seconds(value);
                case "host" -> host = Optional.of(value);
                default ->
                    throw new IllegalArgumentException(
                            "hey: -" + name
                                    + " is not known to the built-in load generator (expected: -z -n -q -c -m -H -A -T -d -D -t -host)");
            }
        }

        private URI uri() {
            try {
                URI uri = new URI(url);
                boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (web && uri.getHost() != null) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // Said below, as for another scheme.
            }
            throw new IllegalArgumentException("hey: the URL is '" + url + "' (expected: http://… or https://…)");
        }

        private static Header header(String line) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("hey: -H is '" + line + "' (expected: 'Name: value')");
            }
            return new Header(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }

        private static Duration length(String text) {
            Matcher parts = LENGTH.matcher(text);
            double millis = 0;
            int end = 0;
            while (parts.find() && parts.start() == end) {
                millis += Double.parseDouble(parts.group(1)) * unitMillis(parts.group(2));
                end = parts.end();
            }
            if (end != text.length() || end == 0) {
                throw new IllegalArgumentException("hey: -z is " + text + " (expected: a duration such as 1m or 30s)");
            }
            return Duration.ofMillis(Math.round(millis));
        }

        private static long unitMillis(String unit) {
            return switch (unit) {
                case "ms" -> 1;
                case "s" -> 1_000;
                case "m" -> 60_000;
                default -> 3_600_000;
            };
        }

        private static int number(String option, String text, int most) {
            try {
                int number = Integer.parseInt(text);
                if (number >= 1 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below, as for a number out of range.
            }
            throw new IllegalArgumentException("hey: " + option + " is " + text + " (expected: 1 to " + most + ")");
        }

        private static double decimal(String text) {
            try {
                double number = Double.parseDouble(text);
                if (number >= 0 && number <= 1_000_000) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below, as for a number out of range.
            }
            throw new IllegalArgumentException("hey: -q is " + text + " (expected: requests a second of each worker)");
        }

        private static Optional<Duration> seconds(String text) {
            return text.equals("0") ? Optional.empty() : Optional.of(Duration.ofSeconds(number("-t", text, 3_600)));
        }

        private static String file(String path) {
            try {
                return Files.readString(Path.of(path));
            } catch (IOException e) {
                throw new IllegalArgumentException("hey: -D " + path + " is no text that can be read");
            }
        }
    }
}
