package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of object that the server stores: its names, in which versions it is served, and what is special about it.
 * Adding a kind is one such declaration.
 *
 * @param group           API group; empty for the core group
 * @param version         the version that is stored and preferred
 * @param kind            {@code Deployment}
 * @param plural          {@code deployments}
 * @param singular        {@code deployment}
 * @param shortNames      {@code deploy}
 * @param categories      {@code all}
 * @param namespaced      whether objects live in a namespace
 * @param statusSubresource whether {@code /status} exists and the main resource ignores status
 * @param scale           where replicas are, if {@code /scale} exists
 * @param generation      whether metadata.generation is kept
 * @param otherVersions   further group-versions under which the same objects are served, listed after the preferred one
 * @param rules           what is special about objects of this kind
 */
public record ResourceKind(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        boolean statusSubresource,
        Optional<ScalePaths> scale,
        boolean generation,
        List<OtherVersion> otherVersions,
        KindRules rules) {

    public ResourceKind {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        otherVersions = List.copyOf(otherVersions);
    }

    /** Dotted JSON paths, without a leading dot; an empty selector path means none. */
    public record ScalePaths(String specReplicas, String statusReplicas, String statusSelector) {}

    /** A group-version that shows the same stored objects in another shape. Both directions must lose nothing. */
    public record OtherVersion(String group, String version, VersionConverter converter) {
        public String groupVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }
    }

    /** Converts between a served shape and the stored one. Sets apiVersion too. May change its argument. */
    public interface VersionConverter {
        ObjectNode toStored(ObjectNode served);

        ObjectNode toServed(ObjectNode stored);
    }

    /** {@code apps/v1}, or {@code v1} for the core group. */
    public String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code deployments.apps}, the name in messages and RBAC. */
    public String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** A printer column of a Table. {@code priority} above 0 shows only with {@code -o wide}. */
    public record Column(String name, String type, String format, String description, int priority) {
        public static Column of(String name, String type) {
            return new Column(name, type, name.equals("Name") ? "name" : "", name, 0);
        }

        public static Column wide(String name, String type) {
            return new Column(name, type, "", name, 1);
        }
    }

    /** Which names objects of a kind may have. */
    public enum NameRule {
        /** {@code web.example-1}, up to 253 characters: most kinds. */
        SUBDOMAIN,
        /** {@code web-1}, up to 63 characters: namespaces. */
        LABEL,
        /** As LABEL, but starts with a letter: services. */
        LABEL_1035,
        /** Whatever can be one segment of a URL path: RBAC names such as {@code system:node}. */
        PATH_SEGMENT
    }

    /** Everything about a kind that is not the same for all kinds. Implementations are pure and keep no state. */
    public interface KindRules {

        /** Fills what the author left out. Runs on each write before validation; must be idempotent. */
        default void applyDefaults(ObjectNode object) {}

        /** The object as it is to be stored: normalises (for example Secret.stringData into data). Runs before defaults. */
        default void normalise(ObjectNode object) {}

        /** What is wrong with an object; empty when it may be stored. Metadata is validated elsewhere. */
        default List<FieldError> validate(ObjectNode object) {
            return List.of();
        }

        /** What is wrong with an object that is about to be made, beyond {@link #validate}. */
        default List<FieldError> validateCreate(ObjectNode object) {
            return List.of();
        }

        /** What must not change, or not like this. */
        default List<FieldError> validateUpdate(ObjectNode before, ObjectNode after) {
            return List.of();
        }

        /** What is wrong with an object of which only the status is written. */
        default List<FieldError> validateStatus(ObjectNode before, ObjectNode after) {
            List<FieldError> errors = new ArrayList<>(validate(after));
            errors.addAll(validateUpdate(before, after));
            return errors;
        }

        /** Columns of {@code kubectl get}, Name first. */
        default List<Column> columns() {
            return List.of(Column.of("Name", "string"), Column.of("Age", "string"));
        }

        /**
         * Cells in the order of {@link #columns()}: text, number, boolean, or a JSON value.
         *
         * @param now the moment that ages in cells are counted to, see {@link HumanDuration}
         */
        default List<Object> cells(ObjectNode object, Instant now) {
            return List.of(object.path("metadata").path("name").asText(), HumanDuration.age(object, now));
        }

        /** Values of the field selectors that this kind knows beside metadata.name and metadata.namespace. */
        default Map<String, String> selectableFields(ObjectNode object) {
            return Map.of();
        }

        /** Names of those selectors, so that any other is refused. */
        default Set<String> selectableFieldNames() {
            return Set.of();
        }

        /** What metadata.name may look like. */
        default NameRule nameRule() {
            return NameRule.SUBDOMAIN;
        }
    }
}
