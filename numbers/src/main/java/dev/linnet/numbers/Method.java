package dev.linnet.numbers;

/** Request methods as metrics name them. Clients can invent methods, so unknown ones are one. */
public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    PATCH,
    OPTIONS,
    PROPFIND,
    PROPPATCH,
    MKCOL,
    COPY,
    MOVE,
    LOCK,
    UNLOCK,
    OTHER;

    /** Whether doing it twice is doing it once: only then may a request be sent again (RFC 9110 §9.2.2). */
    public boolean isIdempotent() {
        return switch (this) {
            case GET, HEAD, PUT, DELETE, OPTIONS, PROPFIND, PROPPATCH, MKCOL, COPY, MOVE, UNLOCK -> true;
            case POST, PATCH, LOCK, OTHER -> false;
        };
    }
}
