package dev.linnet.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import dev.linnet.apiserver.store.ObjectKey;

/**
 * One resource as it is served at one path: a kind in one of its versions.
 *
 * @param group     of the path; differs from the kind's where another group shows the same objects
 * @param converter between this version and the stored one
 * @param custom    declared by a CustomResourceDefinition
 */
public record ServedResource(
        ResourceKind kind, String group, String version, VersionConverter converter, boolean custom) {

    /** The stored shape is the served one. */
    static final VersionConverter SAME = new VersionConverter() {
        @Override
        public ObjectNode toStored(ObjectNode served) {
            return served;
        }

        @Override
        public ObjectNode toServed(ObjectNode stored) {
            return stored;
        }
    };

    public String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** True where what is stored can be shown as it is. */
    public boolean showsStored() {
        return converter.equals(SAME);
    }

    /** The same kind in the version that is stored. */
    public ServedResource stored() {
        return new ServedResource(kind, kind.group(), kind.version(), SAME, custom);
    }

    public ObjectKey key(String namespace, String name) {
        return new ObjectKey(kind.qualifiedPlural(), namespace, name);
    }

    /** How messages name an object by its resource: {@code deployments.apps "web"}. */
    public ApiFailure.Subject subject(String name) {
        return new ApiFailure.Subject(group, kind.plural(), name);
    }

    /** How messages name an object by its kind: {@code Deployment.apps "web"}. */
    public ApiFailure.Subject kindSubject(String name) {
        return new ApiFailure.Subject(group, kind.kind(), name);
    }
}
