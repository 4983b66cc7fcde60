package dev.linnet.manifests.gotemplate;

/** A template that cannot be read or rendered. */
public final class TemplateMistake extends Exception {
    private static final long serialVersionUID = 1;
    private final String text;

    TemplateMistake(int line, String what) {
        super("line " + line + ": " + what);
        this.text = "line " + line + ": " + what;
    }

    /** Where and what: {@code line 2: function "nmae" is not defined (expected: …)}. */
    public String text() {
        return text;
    }
}
