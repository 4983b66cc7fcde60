package dev.linnet.manifests.flagger;

/** A Canary that asks for what cannot be done. */
public final class UnreadableCanary extends Exception {
    private static final long serialVersionUID = 1;
    private final String text;

    public UnreadableCanary(String text) {
        super(text);
        this.text = text;
    }

    /** What is wrong, and what would be right. */
    public String text() {
        return text;
    }
}
