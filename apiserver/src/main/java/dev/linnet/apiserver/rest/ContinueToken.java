package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page of a list begins. Holds all that is needed, so the server keeps nothing between pages.
 *
 * @param version of the snapshot that all pages show
 */
record ContinueToken(long version, String namespace, String name) {
    static final ContinueToken START = new ContinueToken(0, "", "");

    static ContinueToken after(long version, ObjectKey last) {
        return new ContinueToken(version, last.namespace(), last.name());
    }

    static ContinueToken parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("/", -1);
            return new ContinueToken(Long.parseLong(parts[0]), parts[1], parts[2]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            throw ApiFailure.badRequest("continue key is not valid");
        }
    }

    String text() {
        byte[] plain = (version + "/" + namespace + "/" + name).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
    }

    boolean isBefore(ObjectKey key) {
        int byNamespace = namespace.compareTo(key.namespace());
        return byNamespace < 0 || (byNamespace == 0 && name.compareTo(key.name()) < 0);
    }
}
