package dev.linnet.controller.workload;

/** Something that a release needs is missing or cannot be used; the text is an event's. */
public final class Unusable extends Exception {
    private static final long serialVersionUID = 1;
    private final String text;

    public Unusable(String text) {
        super(text);
        this.text = text;
    }

    public String text() {
        return text;
    }
}
