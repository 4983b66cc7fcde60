package dev.linnet.manifests.istio;

/** A port of a Service, as callers inside the cluster know it. */
public record ServicePort(String namespace, String name, int number) {
    /** Its whole name. */
    public String host() {
        return Names.whole(namespace, name);
    }

    /** Which host its rules are under: no Host header can be that. */
    public String ruleHost() {
        return host() + ":" + number;
    }
}
