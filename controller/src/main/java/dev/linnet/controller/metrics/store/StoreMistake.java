package dev.linnet.controller.metrics.store;

/** A store that cannot even be asked, because its template or its Secret lacks something. */
public final class StoreMistake extends Exception {
    private static final long serialVersionUID = 1;
    private final String text;

    public StoreMistake(String text) {
        super(text);
        this.text = text;
    }

    /** What is wrong, and what would be right. */
    public String text() {
        return text;
    }
}
