package dev.linnet.rollout.run;

import java.util.Map;

/**
 * What a workload runs.
 *
 * @param revision hash of the target's template (or what stands for it); empty if nothing is known
 * @param configs  checksums of the ConfigMaps and Secrets that it reads, by {@code configmap/name} or {@code secret/name}
 */
public record Version(String revision, Map<String, String> configs) {
    public static final Version UNKNOWN = new Version("", Map.of());

    /** What our hashes begin with: Flagger's cannot be computed again, so they must be told apart. */
    public static final String OURS = "linnet-";

    public Version {
        configs = Map.copyOf(configs);
    }

    /** Whether Flagger wrote it, so that it cannot be compared with what we compute. */
    public boolean isForeign() {
        return !revision.isEmpty() && !revision.startsWith(OURS);
    }
}
