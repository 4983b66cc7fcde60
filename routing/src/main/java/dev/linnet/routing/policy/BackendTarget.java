package dev.linnet.routing.policy;

import java.util.Optional;

/**
 * What backends are asked for in place of what the client asked for.
 *
 * @param path another path
 * @param host another Host header
 */
public record BackendTarget(Optional<Rewrite> path, Optional<String> host) {
    /** Backends get what the client sent. */
    public static final BackendTarget NONE = new BackendTarget(Optional.empty(), Optional.empty());

    public BackendTarget withPath(Rewrite rewrite) {
        return new BackendTarget(Optional.of(rewrite), host);
    }
}
