package dev.linnet.gateway.http;

/** Why a message is refused, and with which status if it is a request. */
public enum Rejection {
    NONE(0, ""),
    FIELD(400, "field is not allowed in HTTP/2"),
    PSEUDO_FIELD(400, "pseudo-field is missing, repeated, misplaced or malformed"),
    METHOD(400, "method is not a token"),
    METHOD_NOT_ALLOWED(405, "method is not served here"),
    TARGET(400, "request target is malformed"),
    TARGET_TOO_LONG(414, "request target is too long"),
    PATH(400, "path has a broken escape or leads above the root"),
    VERSION(400, "version is neither HTTP/1.1 nor HTTP/1.0"),
    STATUS_LINE(400, "status line is malformed"),
    NAME(400, "header name is not a token followed by a colon"),
    OBSOLETE_FOLD(400, "header line begins with a blank"),
    TOO_MANY_HEADERS(431, "too many headers"),
    HEAD_TOO_LARGE(431, "head is too large"),
    CONTROL(400, "header value has a control character"),
    BARE_LF(400, "line ends without carriage return"),
    BARE_CR(400, "carriage return without line feed"),
    HOST(400, "host is missing, repeated or malformed"),
    HOST_MISMATCH(400, "host differs from the request target"),
    CONTENT_LENGTH(400, "content length is repeated or not a number"),
    TRANSFER_ENCODING(400, "transfer encoding is not exactly chunked"),
    BOTH_LENGTHS(400, "content length and transfer encoding together"),
    CONNECTION(400, "connection names a header that must not be dropped"),
    EXPECTATION(417, "expectation is not 100-continue"),
    CHUNK(400, "chunk is malformed"),
    TRAILER(400, "trailer is malformed or not allowed");

    private final int status;
    private final String reason;

    Rejection(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }
}
