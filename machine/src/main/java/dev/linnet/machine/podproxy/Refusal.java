package dev.linnet.machine.podproxy;

import java.io.IOException;

/** Why a request is not served: what it asks for cannot be had, or it is not HTTP/1 as RFC 9112 wants it. */
final class Refusal extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * @param status  of the answer
     * @param message for a person, a line without an end
     */
    Refusal(int status, String message) {
        super(message);
        this.status = status;
    }

    Refusal(int status, String message, IOException cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }
}
