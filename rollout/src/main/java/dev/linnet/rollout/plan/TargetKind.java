package dev.linnet.rollout.plan;

/** What is released. Its text is the kind as Kubernetes writes it. */
public enum TargetKind {
    DEPLOYMENT("Deployment"),
    DAEMON_SET("DaemonSet"),
    /** A core Service whose Pods somebody else runs: nothing is scaled, and it is always ready. */
    SERVICE("Service"),
    /** A Knative Service: its revisions are the versions, and nothing is scaled. */
    KNATIVE("Service");

    private final String word;

    TargetKind(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
