package dev.linnet.machine.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/** What a caller of the node agent must know. Prints nothing. */
public record AccessToken(String value) {

    public AccessToken {
        if (value.length() < 16) {
            throw new IllegalArgumentException(
                    "the token has " + value.length() + " characters (expected: at least 16)");
        }
    }

    /** Whether a caller knows it. Takes the same time whatever the answer. */
    boolean isSameAs(String presented) {
        return MessageDigest.isEqual(value.getBytes(UTF_8), presented.getBytes(UTF_8));
    }

    @Override
    public String toString() {
        return "***";
    }
}
