package dev.linnet.samples.podinfo;

import dev.linnet.samples.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What podinfo is told by flags ({@code --port=9898}, {@code --port 9898}) and environment ({@code PODINFO_PORT}). Flags win.
 * Flags that this sample has no use for are ignored.
 *
 * @param metricsPort 0 for none
 * @param backends    URLs that {@code /echo} asks; empty unless told so
 * @param delay       range of the random delay of each answer, in milliseconds; empty unless asked for
 */
record Options(
        String version,
        int port,
        int metricsPort,
        String color,
        String message,
        String logo,
        String tokenSecret,
        boolean randomError,
        boolean unhealthy,
        boolean unready,
        List<String> backends,
        List<Integer> delay) {
    private static final String LOGO =
            "https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif";

    static Options read(Sample.Setting setting) {
        Values values = new Values(flags(setting), setting.env());
        return new Options(
                setting.tag(),
                values.port("port", 9898),
                values.port("port-metrics", 0),
                values.text("ui-color", "#34577c"),
                values.text("ui-message", "greetings from podinfo v" + setting.tag()),
                values.text("ui-logo", LOGO),
                values.text("jwt-secret", "a secret that is only good for trying things out"),
                values.flag("random-error"),
                values.flag("unhealthy"),
                values.flag("unready"),
                backends(values),
                delay(values));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Options[version=" + version + ", port=" + port + ", metricsPort=" + metricsPort + "]";
    }

    private static List<String> backends(Values values) {
        String text = values.text("backend-url", "");
        List<String> urls = text.isEmpty() ? List.of() : List.of(text.split(",", -1));
        for (String url : urls) {
            if (!url.matches("http://[^/?#\\s]+(/\\S*)?")) {
                throw new IllegalArgumentException("--backend-url is " + text
                        + " (expected: http://host/path, or several," + " separated by commas)");
            }
        }
        return urls;
    }

    private static List<Integer> delay(Values values) {
        if (!values.flag("random-delay")) {
            return List.of();
        }
        int unit = values.text("random-delay-unit", "s").equals("ms") ? 1 : 1000;
        int min = values.number("random-delay-min", 0, 3600);
        int max = values.number("random-delay-max", 5, 3600);
        if (max < min) {
            throw new IllegalArgumentException(
                    "--random-delay-max is " + max + " (expected: at least --random-delay-min, which is " + min + ")");
        }
        return List.of(min * unit, max * unit);
    }

    private static Map<String, String> flags(Sample.Setting setting) {
        List<String> words = new ArrayList<>(setting.command());
        words.addAll(setting.args());
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                continue;
            }
            int equals = word.indexOf('=');
            boolean valueFollows =
                    equals < 0 && i + 1 < words.size() && !words.get(i + 1).startsWith("-");
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            flags.put(name, equals >= 0 ? word.substring(equals + 1) : valueFollows ? words.get(i + 1) : "true");
        }
        return flags;
    }

    private record Values(Map<String, String> flags, Map<String, String> env) {

        String text(String name, String otherwise) {
            String fromEnv = env.getOrDefault(variable(name), otherwise);
            // A Service named podinfo makes Kubernetes set PODINFO_PORT=tcp://10.0.0.1:9898, which nobody meant for us.
            return flags.getOrDefault(name, fromEnv.startsWith("tcp://") ? otherwise : fromEnv);
        }

        boolean flag(String name) {
            return text(name, "false").equals("true");
        }

        int port(String name, int otherwise) {
            return number(name, otherwise, 65_535);
        }

        int number(String name, int otherwise, int max) {
            String text = text(name, Integer.toString(otherwise));
            boolean valid = text.matches("\\d{1,5}") && Integer.parseInt(text) <= max;
            if (!valid) {
                String where = flags.containsKey(name) ? "--" + name : variable(name);
                throw new IllegalArgumentException(where + " is " + text + " (expected: 0 to " + max + ")");
            }
            return Integer.parseInt(text);
        }

        private static String variable(String name) {
            return "PODINFO_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }
}
