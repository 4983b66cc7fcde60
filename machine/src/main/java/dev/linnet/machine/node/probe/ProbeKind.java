package dev.linnet.machine.node.probe;

/** What a probe is for. */
public enum ProbeKind {
    STARTUP("Startup", false),
    READINESS("Readiness", false),
    LIVENESS("Liveness", true);

    private final String title;
    private final boolean passesAtFirst;

    ProbeKind(String title, boolean passesAtFirst) {
        this.title = title;
        this.passesAtFirst = passesAtFirst;
    }

    /** As messages begin: {@code Readiness}. */
    public String title() {
        return title;
    }

    boolean passesAtFirst() {
        return passesAtFirst;
    }
}
