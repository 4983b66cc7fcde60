package dev.linnet.console.oidc;

/** Somebody could not be signed in. The message is fit to be shown and logged: it has no secrets. */
public final class OidcException extends Exception {
    private static final long serialVersionUID = 1;

    OidcException(String message) {
        super(message);
    }

    OidcException(String message, Throwable cause) {
        super(message, cause);
    }
}
