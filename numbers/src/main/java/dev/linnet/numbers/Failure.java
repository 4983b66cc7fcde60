package dev.linnet.numbers;

import java.util.Locale;

/** Why an exchange did not end as it should. A status that the backend itself answered is no failure. */
public enum Failure {
    NONE,
    /** The client's request was malformed or too large. */
    BAD_REQUEST,
    /** The client was too slow. */
    CLIENT_TIMEOUT,
    /** The client went away. */
    CLIENT_ABORT,
    NO_ROUTE,
    NO_ENDPOINTS,
    /** The endpoints have as many requests as somebody wants them to have. */
    OVERFLOW,
    /** No endpoint took a connection. */
    CONNECT,
    CONNECT_TIMEOUT,
    SEND_TIMEOUT,
    READ_TIMEOUT,
    /** The endpoint closed the connection before its answer was whole. */
    RESET,
    /** The endpoint's answer was malformed. */
    BAD_RESPONSE,
    /** The gateway stopped first. */
    STOPPED;

    /** As it is spelled in JSON: {@code connect_timeout}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
