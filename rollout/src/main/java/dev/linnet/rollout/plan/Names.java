package dev.linnet.rollout.plan;

/**
 * How the objects of a release are called.
 *
 * @param canary    name of the Canary
 * @param namespace its namespace, which is that of all its objects
 * @param target    name of the workload that its author changes
 * @param service   name of the Service that callers use (Flagger's apex): {@code spec.service.name}, else the target's
 */
public record Names(String canary, String namespace, String target, String service) {

    /** {@code podinfo.test}: the Canary as events name it. */
    public String canaryInNamespace() {
        return canary + "." + namespace;
    }

    /** {@code podinfo.test}: the target as events name it. */
    public String targetInNamespace() {
        return target + "." + namespace;
    }

    /** {@code podinfo-primary.test}. */
    public String primaryInNamespace() {
        return target + "-primary." + namespace;
    }
}
