package dev.linnet.e2e;

/** Images that a local cluster has built in and that any other cluster can pull. */
final class Images {
    static final String PODINFO = "stefanprodan/podinfo:3.1.0";
    static final String NEXT_PODINFO = "stefanprodan/podinfo:3.1.1";

    private Images() {}
}
