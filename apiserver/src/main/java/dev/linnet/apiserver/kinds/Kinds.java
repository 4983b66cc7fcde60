package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import dev.linnet.apiserver.kinds.ResourceKind.KindRules;
import dev.linnet.apiserver.kinds.ResourceKind.NameRule;
import dev.linnet.apiserver.kinds.ResourceKind.OtherVersion;
import dev.linnet.apiserver.kinds.ResourceKind.ScalePaths;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Declares a kind: {@code Kinds.kind("apps", "v1", "Deployment").plural("deployments").shortNames("deploy").declare()}.
 * What is not said is as most kinds have it: namespaced, no subresources, no defaults, columns Name and Age.
 */
public final class Kinds {
    private final String group;
    private final String version;
    private final String kind;
    private String plural;
    private String singular;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private boolean namespaced = true;
    private boolean status;
    private boolean generation;
    private Optional<ScalePaths> scale = Optional.empty();
    private final List<OtherVersion> otherVersions = new ArrayList<>();
    private NameRule names = NameRule.SUBDOMAIN;
    private final List<Consumer<ObjectNode>> normalisers = new ArrayList<>();
    private final List<Consumer<ObjectNode>> defaults = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<Check> createChecks = new ArrayList<>();
    private final List<UpdateCheck> updateChecks = new ArrayList<>();
    private final List<UpdateCheck> statusChecks = new ArrayList<>();
    private final Map<String, Function<ObjectNode, String>> selectors = new LinkedHashMap<>();
    private Table table = Table.nameAndAge();

    /** Looks at an object and notes what is wrong with it. */
    interface Check {
        void check(Field object, Violations violations);
    }

    /** Looks at an object beside what it was before, and notes what must not have changed. */
    interface UpdateCheck {
        void check(Field before, Field after, Violations violations);
    }

    private Kinds(String group, String version, String kind) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.singular = kind.toLowerCase(Locale.ROOT);
        this.plural = singular + "s";
    }

    /** Starts the declaration of a kind in the version that is stored; {@code group} is empty for the core group. */
    public static Kinds kind(String group, String version, String kind) {
        return new Kinds(group, version, kind).normalise(Unsaid::drop);
    }

    /** As {@link #kind}, for objects whose nulls mean something. */
    static Kinds verbatim(String group, String version, String kind) {
        return new Kinds(group, version, kind);
    }

    public Kinds plural(String name) {
        plural = name;
        return this;
    }

    public Kinds singular(String name) {
        singular = name;
        return this;
    }

    public Kinds shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public Kinds categories(String... names) {
        categories = List.of(names);
        return this;
    }

    public Kinds clusterScoped() {
        namespaced = false;
        return this;
    }

    /** There is a {@code /status}. */
    public Kinds status() {
        status = true;
        return this;
    }

    /** metadata.generation counts changes of what the author asks for. */
    public Kinds generation() {
        generation = true;
        return this;
    }

    public Kinds scale(String specReplicas, String statusReplicas, String statusSelector) {
        scale = Optional.of(new ScalePaths(specReplicas, statusReplicas, statusSelector));
        return this;
    }

    public Kinds alsoServed(String otherGroup, String otherVersion, VersionConverter converter) {
        otherVersions.add(new OtherVersion(otherGroup, otherVersion, converter));
        return this;
    }

    public Kinds names(NameRule rule) {
        names = rule;
        return this;
    }

    Kinds normalise(Consumer<ObjectNode> normaliser) {
        normalisers.add(normaliser);
        return this;
    }

    Kinds defaults(Consumer<ObjectNode> filler) {
        defaults.add(filler);
        return this;
    }

    Kinds validate(Check check) {
        checks.add(check);
        return this;
    }

    Kinds validateCreate(Check check) {
        createChecks.add(check);
        return this;
    }

    Kinds validateUpdate(UpdateCheck check) {
        updateChecks.add(check);
        return this;
    }

    /** A status is looked at alone: what else was stored under older rules must not stop whoever reports. */
    Kinds validateStatus(UpdateCheck check) {
        statusChecks.add(check);
        return this;
    }

    /** A field selector whose value is found at a path of the same name. */
    Kinds selectable(String... dottedPaths) {
        for (String dotted : dottedPaths) {
            String[] path = dotted.split("\\.");
            selectable(dotted, object -> Json.text(object, path));
        }
        return this;
    }

    Kinds selectable(String name, Function<ObjectNode, String> value) {
        selectors.put(name, value);
        return this;
    }

    Kinds table(Table shown) {
        table = shown;
        return this;
    }

    public ResourceKind declare() {
        KindRules rules = new DeclaredRules(
                List.copyOf(normalisers),
                List.copyOf(defaults),
                List.copyOf(checks),
                List.copyOf(createChecks),
                List.copyOf(updateChecks),
                List.copyOf(statusChecks),
                table,
                Map.copyOf(selectors),
                names);
        return new ResourceKind(
                group,
                version,
                kind,
                plural,
                singular,
                shortNames,
                categories,
                namespaced,
                status,
                scale,
                generation,
                otherVersions,
                rules);
    }

    private record DeclaredRules(
            List<Consumer<ObjectNode>> normalisers,
            List<Consumer<ObjectNode>> defaults,
            List<Check> checks,
            List<Check> createChecks,
            List<UpdateCheck> updateChecks,
            List<UpdateCheck> statusChecks,
            Table table,
            Map<String, Function<ObjectNode, String>> selectors,
            NameRule nameRule)
            implements KindRules {

        @Override
        public void normalise(ObjectNode object) {
            normalisers.forEach(normaliser -> normaliser.accept(object));
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            defaults.forEach(filler -> filler.accept(object));
        }

        @Override
        public List<FieldError> validate(ObjectNode object) {
            return findings(checks, object);
        }

        @Override
        public List<FieldError> validateCreate(ObjectNode object) {
            return findings(createChecks, object);
        }

        private static List<FieldError> findings(List<Check> checks, ObjectNode object) {
            Violations violations = new Violations();
            checks.forEach(check -> check.check(Field.root(object), violations));
            return violations.found();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode before, ObjectNode after) {
            return findings(updateChecks, before, after);
        }

        @Override
        public List<FieldError> validateStatus(ObjectNode before, ObjectNode after) {
            return findings(statusChecks, before, after);
        }

        private static List<FieldError> findings(List<UpdateCheck> checks, ObjectNode before, ObjectNode after) {
            Violations violations = new Violations();
            checks.forEach(check -> check.check(Field.root(before), Field.root(after), violations));
            return violations.found();
        }

        @Override
        public List<Column> columns() {
            return table.columns();
        }

        @Override
        public List<Object> cells(ObjectNode object, Instant now) {
            return table.cells(object, now);
        }

        @Override
        public Map<String, String> selectableFields(ObjectNode object) {
            Map<String, String> values = new TreeMap<>();
            selectors.forEach((name, value) -> values.put(name, value.apply(object)));
            return values;
        }

        @Override
        public Set<String> selectableFieldNames() {
            return selectors.keySet();
        }
    }
}
