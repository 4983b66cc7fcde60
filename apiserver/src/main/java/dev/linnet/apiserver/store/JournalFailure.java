package dev.linnet.apiserver.store;

/** The disk did not take what was to be kept. */
public final class JournalFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    JournalFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
