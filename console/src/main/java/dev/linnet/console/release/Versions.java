package dev.linnet.console.release;

import java.util.List;

/**
 * What runs: the version that serves, and the one that is tried out.
 *
 * @param visible whether the person may see it
 * @param diff    what the new template changes in that of the primary
 */
public record Versions(
        boolean visible,
        String primaryImage,
        String canaryImage,
        List<PodState> primaryPods,
        List<PodState> canaryPods,
        List<LineDiff.Line> diff) {
    public static final Versions HIDDEN = new Versions(false, "", "", List.of(), List.of(), List.of());

    public Versions {
        primaryPods = List.copyOf(primaryPods);
        canaryPods = List.copyOf(canaryPods);
        diff = List.copyOf(diff);
    }
}
