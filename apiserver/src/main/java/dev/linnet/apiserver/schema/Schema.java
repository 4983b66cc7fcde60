package dev.linnet.apiserver.schema;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The type of one JSON value as an API server understands it: a node of an OpenAPI v3 document with {@code $ref} followed.
 * Built-in kinds and custom resources share it, because both carry the {@code x-kubernetes-*} extensions.
 */
public interface Schema {

    /** How two writers share a list (structured-merge-diff's listType). Absent means atomic. */
    enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /** {@code object}, {@code array}, {@code string}, {@code integer}, {@code number}, {@code boolean}, or empty for any. */
    String type();

    /** The type of a named property; empty where the schema does not name it. */
    Optional<Schema> property(String name);

    /** Names of all named properties. */
    Set<String> properties();

    /** Element type of an array. */
    Optional<Schema> items();

    /** Value type of a map ({@code additionalProperties}). */
    Optional<Schema> values();

    /** True where unknown fields are kept: {@code x-kubernetes-preserve-unknown-fields}, or an object without any schema. */
    boolean preservesUnknownFields();

    ListType listType();

    /** {@code x-kubernetes-list-map-keys}; empty unless {@link #listType()} is MAP. */
    List<String> listMapKeys();

    /** {@code x-kubernetes-map-type: atomic} on an object. */
    boolean atomicMap();

    /** {@code x-kubernetes-patch-strategy}, split at commas: merge, replace, retainKeys. */
    Set<String> patchStrategies();

    /** {@code x-kubernetes-patch-merge-key}. */
    Optional<String> patchMergeKey();

    /** The default of this value where the schema has one, as JSON text; structural defaulting of custom resources. */
    Optional<String> defaultJson();

    /**
     * Name of the OpenAPI definition that this is, {@code io.k8s.api.apps.v1.DeploymentSpec}; empty where the type is written
     * in place. Messages about values that do not fit name it.
     */
    default String definition() {
        return "";
    }

    /** {@code date-time}, {@code int32}, {@code byte}, {@code int-or-string}…; empty where the schema says none. */
    default String format() {
        return "";
    }
}
