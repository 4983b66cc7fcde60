package dev.linnet.manifests.ingress;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The annotations of one Ingress, under ingress-nginx's prefix or our own, and what is wrong with them. */
final class Annotations {
    static final String PREFIX = "nginx.ingress.kubernetes.io/";
    static final String OWN_PREFIX = "linnet.dev/";

    /** Go's integers: a sign and digits, nothing else (spec, §1.2). */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

    private final ObjectRef object;
    private final Map<String, String> all;
    private final GlobalOptions options;
    private final ConfigMaps configMaps;
    private final Set<ObjectRef> references = new LinkedHashSet<>();
    private final List<Problem> problems;

    Annotations(ObjectRef object, Map<String, String> all, List<Problem> problems) {
        this(object, all, problems, GlobalOptions.DEFAULT, ConfigMaps.NONE);
    }

    private Annotations(
            ObjectRef object,
            Map<String, String> all,
            List<Problem> problems,
            GlobalOptions options,
            ConfigMaps configMaps) {
        this.object = object;
        this.all = all;
        this.problems = problems;
        this.options = options;
        this.configMaps = configMaps;
    }

    static Annotations of(
            ObjectRef object,
            HasMetadata resource,
            List<Problem> problems,
            GlobalOptions options,
            ConfigMaps configMaps) {
        return new Annotations(object, map(resource), problems, options, configMaps);
    }

    /** What holds where no annotation says anything. */
    GlobalOptions options() {
        return options;
    }

    /** A ConfigMap of the same namespace; empty if it does not exist. From now on a change of it is a change of this object. */
    Optional<Map<String, String>> configMap(String name) {
        ObjectRef ref = ConfigMaps.ref(object.namespace(), name);
        references.add(ref);
        return configMaps.data(ref);
    }

    /** The ConfigMaps that were asked for. */
    Set<ObjectRef> references() {
        return references;
    }

    ObjectRef object() {
        return object;
    }

    static Optional<String> of(HasMetadata resource, String key) {
        return Optional.ofNullable(map(resource).get(key));
    }

    private static Map<String, String> map(HasMetadata resource) {
        return Optional.ofNullable(resource.getMetadata().getAnnotations()).orElseGet(Map::of);
    }

    /** All annotations, also those without our prefix, in alphabetical order. */
    Set<Map.Entry<String, String>> entries() {
        return new TreeMap<>(all).entrySet();
    }

    boolean has(String name) {
        return all.containsKey(PREFIX + name);
    }

    /** The value as written, also if it is blank. */
    Optional<String> raw(String name) {
        return Optional.ofNullable(all.get(PREFIX + name));
    }

    /** The trimmed value; a blank one counts as absent (spec, §1.3). */
    Optional<String> text(String name) {
        return raw(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The value of {@code linnet.dev/<name>} as written. */
    Optional<String> own(String name) {
        return Optional.ofNullable(all.get(OWN_PREFIX + name));
    }

    /** The same, trimmed; a blank one counts as absent. */
    Optional<String> ownText(String name) {
        return own(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The value if it is a whole number in the range. Absent or wrong: empty; wrong ones become a Problem. */
    OptionalInt wholeNumber(String name, int least, int most, String expected) {
        Optional<String> value = raw(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        OptionalInt number = parse(value.get());
        if (number.isPresent() && number.getAsInt() >= least && number.getAsInt() <= most) {
            return number;
        }
        bad(name, "is \"" + value.get() + "\" (expected: " + expected + ")");
        return OptionalInt.empty();
    }

    /** Go's booleans. A wrong value becomes a Problem, and counts as absent. */
    boolean flag(String name, boolean usual) {
        return flag(name).orElse(usual);
    }

    /** The same; empty if it is absent. */
    Optional<Boolean> flag(String name) {
        Optional<String> value = text(name);
        Optional<Boolean> flag = value.flatMap(Annotations::bool);
        if (value.isPresent() && flag.isEmpty()) {
            bad(name, "is \"" + value.get() + "\" (expected: \"true\" or \"false\")");
        }
        return flag;
    }

    static Optional<Boolean> bool(String value) {
        return switch (value) {
            case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
            case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** {@code on} or {@code off}. A wrong value becomes a Problem, and counts as absent. */
    boolean onOff(String name, boolean usual) {
        Optional<String> value = text(name);
        if (value.isEmpty() || value.get().equals("on") || value.get().equals("off")) {
            return value.map("on"::equals).orElse(usual);
        }
        bad(name, "is \"" + value.get() + "\" (expected: \"on\" or \"off\")");
        return usual;
    }

    private static OptionalInt parse(String value) {
        if (!WHOLE_NUMBER.matcher(value).matches()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(value));
        } catch (NumberFormatException _) {
            return OptionalInt.empty(); // More than 32 bits is out of every range we have.
        }
    }

    void bad(String name, String message) {
        problem(PREFIX + name, Reason.BAD_ANNOTATION, message);
    }

    void ownBad(String name, String message) {
        problem(OWN_PREFIX + name, Reason.BAD_ANNOTATION, message);
    }

    /** What somebody else has found. */
    void bad(Problem found) {
        problems.add(found);
    }

    void notObeyed(String key, String message) {
        problem(key, Reason.NOT_OBEYED, message);
    }

    private void problem(String key, Reason reason, String message) {
        problems.add(new Problem(object, reason, path(key), message));
    }

    static String path(String key) {
        return "metadata.annotations[" + key + "]";
    }
}
