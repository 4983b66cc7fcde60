package dev.linnet.apiserver.store;

/** The store is closing: nothing can be written or waited for any more. */
public final class StoreClosed extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoreClosed() {
        super("the server is shutting down", null, false, false);
    }
}
