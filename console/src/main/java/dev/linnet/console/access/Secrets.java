package dev.linnet.console.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes texts that nobody can guess, and compares them. */
public final class Secrets {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    /** Hexadecimal, so that it can stand in addresses, cookies and forms. */
    public String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Takes the same time however wrong the offered one is. An empty one is never right. */
    public static boolean isSame(String offered, String secret) {
        return !secret.isEmpty()
                && MessageDigest.isEqual(
                        offered.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }
}
