package dev.linnet.machine.podproxy;

/**
 * Whether Pods may reach what is outside of the cluster through their proxies.
 *
 * @param advice what helps a person whose Pod may not; a sentence
 */
public record Egress(boolean allowed, String advice) {

    public static Egress open() {
        return new Egress(true, "");
    }

    public static Egress closed(String advice) {
        return new Egress(false, advice);
    }
}
