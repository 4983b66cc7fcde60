package dev.linnet.samples.podinfo;

import dev.linnet.samples.serving.Call;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How bad this instance behaves: {@code FAULT_ERROR_RATE}, {@code FAULT_LATENCY} and {@code FAULT_UNREADY} in the environment,
 * {@code POST /fault?error-rate=0.5&latency=100ms&unready=true} and {@code DELETE /fault} at run time.
 */
final class Faults {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");
    private static final Fault NONE = new Fault(0, Duration.ZERO, false);

    private final AtomicReference<Fault> now;

    private Faults(Fault start) {
        this.now = new AtomicReference<>(start);
    }

    /**
     * @param errorRate share of requests that fail with 500, 0 to 1
     * @param latency   that every answer waits
     */
    record Fault(double errorRate, Duration latency, boolean unready) {
        Map<String, Object> shown() {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("error-rate", errorRate);
            shown.put("latency", latency.toMillis() + "ms");
            shown.put("unready", unready);
            return shown;
        }
    }

    static Faults fromEnvironment(Map<String, String> env) {
        return new Faults(new Fault(
                rate("FAULT_ERROR_RATE", env.getOrDefault("FAULT_ERROR_RATE", "0")),
                duration("FAULT_LATENCY", env),
                truth("FAULT_UNREADY", env.getOrDefault("FAULT_UNREADY", "false"))));
    }

    static Duration duration(String name, Map<String, String> env) {
        return duration(name, env.getOrDefault(name, "0s"));
    }

    static Duration duration(String name, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    name + " is " + text + " (expected: a duration such as 200ms, 5s or 1m)");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    Fault now() {
        return now.get();
    }

    /** Changes what the query names and leaves the rest. */
    void change(Call call) {
        Fault old = now.get();
        now.set(new Fault(
                call.query("error-rate").map(text -> rate("error-rate", text)).orElse(old.errorRate()),
                call.query("latency").map(text -> duration("latency", text)).orElse(old.latency()),
                call.query("unready").map(text -> truth("unready", text)).orElse(old.unready())));
    }

    void clear() {
        now.set(NONE);
    }

    void clearUnready() {
        now.updateAndGet(old -> new Fault(old.errorRate(), old.latency(), false));
    }

    private static double rate(String name, String text) {
        boolean valid = text.matches("[01]|[01]?\\.\\d{1,9}") && Double.parseDouble(text) <= 1;
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + text + " (expected: 0 to 1, such as 0.5)");
        }
        return Double.parseDouble(text);
    }

    private static boolean truth(String name, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(name + " is " + text + " (expected: true or false)");
        }
        return text.equals("true");
    }
}
