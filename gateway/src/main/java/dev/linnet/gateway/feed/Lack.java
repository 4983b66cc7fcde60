package dev.linnet.gateway.feed;

/** What keeps a Service port from serving, the worse first. */
public enum Lack {
    NO_SERVICE("no-service"),
    NO_ENDPOINT("no-endpoint");

    private final String label;

    Lack(String label) {
        this.label = label;
    }

    /** As ingress-nginx's metric spells it. */
    public String label() {
        return label;
    }
}
