package dev.linnet.controller.fetch;

/** A server that did not answer, or not in time, or with more than is read. */
public final class NoReply extends Exception {
    private static final long serialVersionUID = 1;
    private final String text;

    NoReply(String text, Throwable cause) {
        super(text, cause);
        this.text = text;
    }

    /** Which server and why; without secrets. */
    public String text() {
        return text;
    }
}
