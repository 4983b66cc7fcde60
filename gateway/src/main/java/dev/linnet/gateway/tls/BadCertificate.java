package dev.linnet.gateway.tls;

/** What a Secret holds is of no use; the message says why, and nothing of what it holds. */
public final class BadCertificate extends Exception {
    private static final long serialVersionUID = 1;

    BadCertificate(String message) {
        super(message);
    }

    BadCertificate(String message, Throwable cause) {
        super(message, cause);
    }

    /** In words for the author of the Secret. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
