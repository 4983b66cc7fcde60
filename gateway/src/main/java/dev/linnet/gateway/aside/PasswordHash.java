package dev.linnet.gateway.aside;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A password as {@code htpasswd} and {@code openssl passwd} keep it (spec of ingress-nginx, §4.4). Its text tells nothing.
 */
public final class PasswordHash {
    private static final int LONGEST_PASSWORD = 1024;
    private static final int BCRYPT_LENGTH = 60;

    private final String hash;

    public PasswordHash(String hash) {
        this.hash = hash;
    }

    /** Whether checking takes longer than an event loop can wait. */
    boolean isSlow() {
        return !hash.startsWith("{");
    }

    /** Whether this is the password. A hash that is malformed, or of a kind that nobody knows, is nobody's. */
    boolean isOf(String password) {
        if (hash.isEmpty() || password.length() > LONGEST_PASSWORD) {
            return false;
        }
        try {
            return check(password);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private boolean check(String password) {
        if (hash.startsWith("{PLAIN}")) {
            return same(hash.substring(7), password);
        }
        if (hash.startsWith("{SHA}")) {
            return salted(hash.substring(5), password);
        }
        if (hash.startsWith("{SSHA}")) {
            return salted(hash.substring(6), password);
        }
        if (hash.startsWith("$apr1$")) {
            return same(hash, Md5Crypt.apr1Crypt(password, hash));
        }
        if (hash.startsWith("$2")) {
            return hash.length() == BCRYPT_LENGTH && OpenBSDBCrypt.checkPassword(hash, password.toCharArray());
        }
        return !hash.startsWith("{") && same(hash, Crypt.crypt(password, hash));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-1 of password and salt, and behind it the salt, which may be empty. */
    private static boolean salted(String encoded, String password) {
        byte[] kept = Base64.getDecoder().decode(encoded);
        if (kept.length < 20) {
            return false;
        }
        MessageDigest sha1 = sha1();
        sha1.update(password.getBytes(StandardCharsets.UTF_8));
        sha1.update(kept, 20, kept.length - 20);
        return MessageDigest.isEqual(Arrays.copyOf(kept, 20), sha1.digest());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without SHA-1", e);
        }
    }

    String text() {
        return hash;
    }

    @Override
    public String toString() {
        return "***";
    }
}
