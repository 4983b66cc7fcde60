package dev.linnet.loadtester.task;

/** A task that is not even tried; the message says why, and what would be. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    public Refused(String message) {
        super(message);
    }
}
