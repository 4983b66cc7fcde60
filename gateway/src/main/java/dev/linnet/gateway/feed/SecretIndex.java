package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.SecretReading.Missing;
import dev.linnet.gateway.feed.SecretReading.Present;
import dev.linnet.gateway.feed.SecretReading.Unreadable;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Secrets that an obeyed object refers to, and what is in them. Of all others nothing is known but that they exist, and what is not
 * referred to any more is forgotten. Used by one thread.
 */
final class SecretIndex {
    private final Map<SecretRef, Set<ObjectRef>> users = new HashMap<>();
    private final Map<SecretRef, SecretReading> readings = new HashMap<>();
    private final Set<SecretRef> toRead = new LinkedHashSet<>();
    private final Set<SecretRef> changed = new LinkedHashSet<>();

    /** Objects refer to other Secrets than before. */
    void use(Map<ObjectRef, Set<SecretRef>> before, Map<ObjectRef, Set<SecretRef>> after) {
        Changed.keys(before, after)
                .forEach(user -> use(user, before.getOrDefault(user, Set.of()), after.getOrDefault(user, Set.of())));
    }

    /** An object refers to other Secrets than before. */
    void use(ObjectRef user, Set<SecretRef> before, Set<SecretRef> after) {
        for (SecretRef secret : after) {
            if (users.computeIfAbsent(secret, _ -> new HashSet<>()).add(user) && !readings.containsKey(secret)) {
                toRead.add(secret);
            }
        }
        for (SecretRef secret : before) {
            Set<ObjectRef> left = users.getOrDefault(secret, new HashSet<>());
            if (!after.contains(secret) && left.remove(user) && left.isEmpty()) {
                forget(secret);
            }
        }
    }

    private void forget(SecretRef secret) {
        users.remove(secret);
        toRead.remove(secret);
        if (readings.remove(secret) != null) {
            changed.add(secret);
        }
    }

    boolean isUsed(SecretRef secret) {
        return users.containsKey(secret);
    }

    /** A Secret exists in this version, or is gone. */
    void noticed(SecretRef secret, Optional<String> version) {
        boolean news = !version.orElse("")
                .equals(of(secret).map(SecretReading::seenVersion).orElse(""));
        if (isUsed(secret) && news) {
            toRead.add(secret);
        }
    }

    /** A Secret was read. One that cannot be read for the moment keeps what was in it. */
    void put(SecretRef secret, SecretReading now) {
        Optional<SecretReading> before = of(secret);
        boolean keeps = now instanceof Unreadable && before.orElse(now) instanceof Present;
        boolean same = now instanceof Missing && before.equals(Optional.of(now));
        if (isUsed(secret) && !keeps && !same) {
            readings.put(secret, now);
            changed.add(secret);
        }
    }

    /** Empty as long as it was not read. */
    Optional<SecretReading> of(SecretRef secret) {
        return Optional.ofNullable(readings.get(secret));
    }

    /** What must be read, or read again, since the last call. */
    Set<SecretRef> takeToRead() {
        Set<SecretRef> taken = new LinkedHashSet<>(toRead);
        toRead.clear();
        return taken;
    }

    /** What will be given by {@link #takeChanged}. */
    Set<SecretRef> changed() {
        return Set.copyOf(changed);
    }

    /** What is different since the last call. */
    Map<SecretRef, Optional<Secret<Map<String, byte[]>>>> takeChanged() {
        Map<SecretRef, Optional<Secret<Map<String, byte[]>>>> taken = new LinkedHashMap<>();
        changed.forEach(secret -> taken.put(secret, of(secret).flatMap(SecretReading::content)));
        changed.clear();
        return taken;
    }
}
