package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys of the controller's ConfigMap, and what is wrong with them: a wrong value becomes a Problem, and the default stays. */
final class OptionText {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?");

    private final ObjectRef object;
    private final Map<String, String> data;
    private final List<Problem> problems = new ArrayList<>();

    OptionText(ObjectRef object, Map<String, String> data) {
        this.object = object;
        this.data = data;
    }

    /** The trimmed value; a blank one counts as absent. */
    Optional<String> text(String key) {
        return Optional.ofNullable(data.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    String text(String key, String usual) {
        return text(key).orElse(usual);
    }

    boolean flag(String key, boolean usual) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return usual;
        }
        Optional<Boolean> flag = Annotations.bool(value.get());
        if (flag.isEmpty()) {
            bad(key, value.get(), "true or false");
        }
        return flag.orElse(usual);
    }

    /** {@code on} or {@code off}. */
    boolean onOff(String key, boolean usual) {
        Optional<String> value = text(key);
        if (value.isEmpty() || value.get().equals("on") || value.get().equals("off")) {
            return value.map("on"::equals).orElse(usual);
        }
        bad(key, value.get(), "on or off");
        return usual;
    }

    int number(String key, int least, int most, int usual) {
        return number(key, least, most).orElse(usual);
    }

    Optional<Integer> number(String key, int least, int most) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong number = Sizes.wholeNumber(value.get());
        if (number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= most) {
            return Optional.of((int) number.getAsLong());
        }
        bad(key, value.get(), "a whole number from " + least + (most == Integer.MAX_VALUE ? " on" : " to " + most));
        return Optional.empty();
    }

    /** In bytes: digits and k, m or g. */
    long size(String key, long usual) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return usual;
        }
        OptionalLong size = Sizes.parse(value.get());
        if (size.isEmpty()) {
            bad(key, value.get(), Sizes.EXPECTED);
        }
        return size.orElse(usual);
    }

    /** Seconds, or a number with ms, s, m, h or d. */
    Duration time(String key, Duration usual) {
        return time(key).orElse(usual);
    }

    Optional<Duration> time(String key) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = TIME.matcher(value.get());
        if (!matcher.matches()) {
            bad(key, value.get(), "seconds, or a number with ms, s, m, h or d");
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (Optional.ofNullable(matcher.group(2)).orElse("s")) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                });
    }

    /** Whole seconds, as the {@code proxy-*-timeout} keys have them. */
    Duration seconds(String key, Duration usual) {
        return Duration.ofSeconds(number(key, 1, Integer.MAX_VALUE, (int) usual.toSeconds()));
    }

    /** As {@link #seconds}; 0 means without an end. */
    Duration seconds0(String key, Duration usual) {
        return Duration.ofSeconds(number(key, 0, Integer.MAX_VALUE, (int) usual.toSeconds()));
    }

    /** Separated by commas or blanks. */
    List<String> list(String key, List<String> usual) {
        return text(key)
                .map(value -> Stream.of(value.split("[,\\s]+"))
                        .filter(element -> !element.isEmpty())
                        .toList())
                .orElse(usual);
    }

    void bad(String key, String value, String expected) {
        problem(key, Reason.BAD_OPTION, "is \"" + value + "\" (expected: " + expected + ")");
    }

    void problem(String key, Reason reason, String message) {
        problems.add(new Problem(object, reason, path(key), message));
    }

    static String path(String key) {
        return "data[" + key + "]";
    }

    /** Tells of each key that nobody acts upon. */
    void reportUnobeyed() {
        new TreeMap<>(data).forEach((key, value) -> {
            Judgement judgement = OptionCatalogue.judge(key, value);
            if (judgement.standing() == Standing.NOT_OBEYED) {
                problem(key, Reason.NOT_OBEYED, judgement.words());
            }
        });
    }

    List<Problem> problems() {
        return problems;
    }
}
