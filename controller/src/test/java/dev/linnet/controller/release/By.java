package dev.linnet.controller.release;

/** Who routes for a Canary, and what a team has for that before there is one. */
enum By {
    NGINX(Manifests.APP, "nginx", "", "maxWeight: 40\nstepWeight: 20"),
    /** The team's own tests meet the new version, and nobody else does. */
    KUBERNETES(Manifests.DEPLOYMENT + "---\n" + Manifests.SERVICE, "kubernetes", "", "iterations: 2"),
    ISTIO(
            Manifests.DEPLOYMENT + "---\n" + Manifests.SERVICE,
            "istio",
            ", gateways: [edge], hosts: [app.example.com]",
            "maxWeight: 40\nstepWeight: 20\nsessionAffinity: {cookieName: c, primaryCookieName: p}");

    private final String before;
    private final String provider;
    private final String service;
    private final String analysis;

    By(String before, String provider, String service, String analysis) {
        this.before = before;
        this.provider = provider;
        this.service = service;
        this.analysis = analysis;
    }

    String before() {
        return before;
    }

    /** Judged by its checks alone. */
    String canary() {
        return Manifests.canary("""
                        interval: 2s
                        threshold: 2
                        metrics:
                        - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                        """ + analysis)
                .replace(
                        "metadata: {name: podinfo}",
                        "metadata: {name: podinfo, annotations: {linnet.dev/fast-abort: \"false\"}}")
                .replace("provider: nginx", "provider: " + provider)
                .replace("targetPort: 9898}", "targetPort: 9898" + service + "}");
    }
}
