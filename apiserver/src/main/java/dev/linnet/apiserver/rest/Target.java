package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.access.Act;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.ObjectKey;

/**
 * What a path names.
 *
 * @param namespace   empty for cluster scope, or for all namespaces
 * @param name        empty for a collection
 * @param subresource empty for the resource itself
 */
record Target(ServedResource resource, String namespace, String name, String subresource) {

    ObjectKey key() {
        return resource.key(namespace, name);
    }

    ApiFailure.Subject subject() {
        return resource.subject(name);
    }

    ApiFailure notFound() {
        return ApiFailure.notFound(subject());
    }

    /** What a verb does there, in the terms of RBAC. */
    Act act(String verb) {
        return new Act.OnResource(verb, resource.group(), resource.kind().plural(), subresource, namespace, name);
    }

    Target named(String otherName) {
        return new Target(resource, namespace, otherName, subresource);
    }

    Target withoutSubresource() {
        return new Target(resource, namespace, name, "");
    }
}
