package dev.linnet.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The headers that mean something to a proxy. */
@SuppressWarnings("ImmutableEnumChecker") // the array is never written
enum Field {
    OTHER,
    TE,
    DATE,
    HOST,
    PROXY,
    X_PAD,
    X_CODE,
    EXPECT,
    SERVER,
    BAGGAGE,
    UPGRADE,
    X_SCHEME,
    X_REAL_IP,
    CONNECTION,
    FORWARDED,
    KEEP_ALIVE,
    X_REQUEST_ID,
    CONTENT_LENGTH,
    HTTP2_SETTINGS,
    X_FORWARDED_FOR,
    SSL_CLIENT_CERT,
    X_ACCEL_EXPIRES,
    X_ACCEL_CHARSET,
    X_FORWARDED_HOST,
    X_ACCEL_REDIRECT,
    X_FORWARDED_PORT,
    X_LINNET_RELEASE,
    PROXY_CONNECTION,
    SSL_CLIENT_VERIFY,
    X_ACCEL_BUFFERING,
    X_FORWARDED_PROTO,
    TRANSFER_ENCODING,
    X_FORWARDED_PREFIX,
    X_ACCEL_LIMIT_RATE,
    X_FORWARDED_SCHEME,
    SSL_CLIENT_ISSUER_DN,
    SSL_CLIENT_SUBJECT_DN,
    X_ORIGINAL_FORWARDED_FOR,
    X_ORIGINAL_FORWARDED_HOST;

    private final byte[] lowerCase;

    Field() {
        this.lowerCase = name().replace('_', '-').toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }

    /** Which of these a name is, in any case. */
    static Field of(byte[] bytes, int start, int end) {
        return switch (end - start) {
            case 2 -> is(TE, bytes, start, end);
            case 4 -> oneOf(HOST, DATE, bytes, start, end);
            case 5 -> oneOf(PROXY, X_PAD, bytes, start, end);
            case 6 -> oneOf(EXPECT, SERVER, X_CODE, bytes, start, end);
            case 7 -> oneOf(UPGRADE, BAGGAGE, bytes, start, end);
            case 8 -> is(X_SCHEME, bytes, start, end);
            case 9 -> oneOf(X_REAL_IP, FORWARDED, bytes, start, end);
            case 10 -> oneOf(CONNECTION, KEEP_ALIVE, bytes, start, end);
            case 12 -> is(X_REQUEST_ID, bytes, start, end);
            case 14 -> oneOf(CONTENT_LENGTH, HTTP2_SETTINGS, bytes, start, end);
            case 15 -> fifteen(bytes, start, end);
            case 16 -> sixteen(bytes, start, end);
            case 17 -> seventeen(bytes, start, end);
            case 18 -> oneOf(X_FORWARDED_SCHEME, X_FORWARDED_PREFIX, X_ACCEL_LIMIT_RATE, bytes, start, end);
            case 20 -> is(SSL_CLIENT_ISSUER_DN, bytes, start, end);
            case 21 -> is(SSL_CLIENT_SUBJECT_DN, bytes, start, end);
            case 24 -> is(X_ORIGINAL_FORWARDED_FOR, bytes, start, end);
            case 25 -> is(X_ORIGINAL_FORWARDED_HOST, bytes, start, end);
            default -> OTHER;
        };
    }

    private static Field fifteen(byte[] bytes, int start, int end) {
        Field field = oneOf(X_FORWARDED_FOR, SSL_CLIENT_CERT, bytes, start, end);
        return field == OTHER ? oneOf(X_ACCEL_EXPIRES, X_ACCEL_CHARSET, bytes, start, end) : field;
    }

    private static Field sixteen(byte[] bytes, int start, int end) {
        Field field = oneOf(X_FORWARDED_HOST, X_FORWARDED_PORT, bytes, start, end);
        return field == OTHER ? oneOf(PROXY_CONNECTION, X_ACCEL_REDIRECT, X_LINNET_RELEASE, bytes, start, end) : field;
    }

    private static Field seventeen(byte[] bytes, int start, int end) {
        Field field = oneOf(TRANSFER_ENCODING, X_FORWARDED_PROTO, bytes, start, end);
        return field == OTHER ? oneOf(SSL_CLIENT_VERIFY, X_ACCEL_BUFFERING, bytes, start, end) : field;
    }

    private static Field oneOf(Field one, Field other, Field third, byte[] bytes, int start, int end) {
        Field field = oneOf(one, other, bytes, start, end);
        return field == OTHER ? is(third, bytes, start, end) : field;
    }

    private static Field oneOf(Field one, Field other, byte[] bytes, int start, int end) {
        return Octets.is(one.lowerCase, bytes, start, end) ? one : is(other, bytes, start, end);
    }

    private static Field is(Field field, byte[] bytes, int start, int end) {
        return Octets.is(field.lowerCase, bytes, start, end) ? field : OTHER;
    }

    /** Whether a name would be one of these to a backend that takes {@code _} for {@code -}, as CGI does. */
    static boolean isAlias(byte[] bytes, int start, int end) {
        byte[] plain = new byte[end - start];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = bytes[start + i] == '_' ? (byte) '-' : bytes[start + i];
        }
        return of(plain, 0, plain.length) != OTHER;
    }

    /** Whether a trailer may have this name: not what frames, routes or describes the connection, and not what we vouch for. */
    boolean isAllowedInTrailer() {
        return this == OTHER || this == DATE || this == SERVER || this == BAGGAGE;
    }

    /** Whether {@code Connection} may declare it to be for one hop only. */
    boolean isDroppable() {
        return this != HOST && this != CONTENT_LENGTH && this != TRANSFER_ENCODING;
    }
}
