package dev.linnet.rollout.run;

/**
 * The cookies of session affinity, each as {@code name=value}; empty if there is none.
 *
 * @param canary   keeps users at the canary in this run
 * @param previous that of the run before, which users are told to forget
 * @param primary  keeps users at the primary in this step
 */
public record Cookies(String canary, String previous, String primary) {
    public static final Cookies NONE = new Cookies("", "", "");

    /** The run is over: its users are told to forget its cookie. */
    public Cookies ended() {
        return new Cookies("", canary, "");
    }
}
