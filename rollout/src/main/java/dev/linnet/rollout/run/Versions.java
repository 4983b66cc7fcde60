package dev.linnet.rollout.run;

/**
 * Which versions a release has met.
 *
 * @param applied  the one last acted upon: {@code status.lastAppliedSpec} and {@code status.trackedConfigs}
 * @param promoted the one that the primary was last given and runs: {@code status.lastPromotedSpec}; its configs are kept with the Run
 */
public record Versions(Version applied, Version promoted) {
    public static final Versions UNKNOWN = new Versions(Version.UNKNOWN, Version.UNKNOWN);

    public Versions withApplied(Version version) {
        return new Versions(version, promoted);
    }

    /** The applied one has become the primary's. */
    public Versions promote() {
        return new Versions(applied, applied);
    }

    /** Whether {@code now} is to be released: it is not what was last acted upon, nor what the primary runs. */
    public boolean isNew(Version now) {
        return !now.equals(applied) && !now.equals(promoted);
    }

    /** Whether the target was set back to what the primary runs, after something else had been acted upon. */
    public boolean isRevert(Version now) {
        return now.equals(promoted) && !now.equals(applied);
    }
}
