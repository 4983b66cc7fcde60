package dev.linnet.controller.workload;

/** The world is not what the decision was made for: decide again. */
public final class Changed extends Exception {
    private static final long serialVersionUID = 1;

    public Changed(String message) {
        super(message);
    }
}
