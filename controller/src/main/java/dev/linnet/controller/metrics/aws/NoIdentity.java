package dev.linnet.controller.metrics.aws;

/** Nobody says who we are for AWS. */
public final class NoIdentity extends Exception {
    private static final long serialVersionUID = 1;
    private final String text;

    NoIdentity(String text) {
        super(text);
        this.text = text;
    }

    public String text() {
        return text;
    }
}
