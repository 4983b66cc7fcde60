package dev.linnet.gateway.aside;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Names and hashed passwords out of one Secret. Its text tells nothing. */
public final class Users {
    private final Map<String, PasswordHash> hashes;

    private Users(Map<String, PasswordHash> hashes) {
        this.hashes = Map.copyOf(hashes);
    }

    /** From a file of lines {@code name:hash} or {@code name:hash:comment}; lines of anything else are nobody's. */
    public static Users ofFile(byte[] file) {
        Map<String, PasswordHash> hashes = new HashMap<>();
        for (String line : new String(file, StandardCharsets.UTF_8).split("\\R", -1)) {
            String[] fields = line.strip().split(":", 3);
            if (fields.length > 1 && !line.startsWith("#") && !fields[0].isEmpty()) {
                hashes.putIfAbsent(fields[0], new PasswordHash(fields[1]));
            }
        }
        return new Users(hashes);
    }

    /** From a Secret with one key for each name. */
    public static Users ofKeys(Map<String, byte[]> keys) {
        Map<String, PasswordHash> hashes = new HashMap<>();
        keys.forEach((name, hash) ->
                hashes.put(name, new PasswordHash(new String(hash, StandardCharsets.UTF_8).strip())));
        return new Users(hashes);
    }

    Optional<PasswordHash> hashOf(String name) {
        return Optional.ofNullable(hashes.get(name));
    }

    @Override
    public String toString() {
        return "*** (" + hashes.size() + " users)";
    }
}
