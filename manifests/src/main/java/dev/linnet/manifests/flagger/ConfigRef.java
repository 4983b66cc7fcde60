package dev.linnet.manifests.flagger;

/**
 * A ConfigMap or Secret that a Pod template reads.
 *
 * @param kind     which
 * @param optional whether Pods start without it
 */
public record ConfigRef(Kind kind, String name, boolean optional) {

    /** Which kind of object holds it. */
    public enum Kind {
        CONFIG_MAP("configmap"),
        SECRET("secret");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** As in {@code status.trackedConfigs}: {@code configmap/podinfo}. */
    public String key() {
        return kind.word + "/" + name;
    }
}
