package dev.linnet.machine.node.probe;

/**
 * What a row of probe results says. One result is not enough to change one's mind: it takes a threshold of equal ones.
 *
 * @param passing what counts now
 * @param last    the last result
 * @param inARow  how often the last result came in a row
 */
public record ProbeState(boolean passing, boolean last, int inARow) {

    /** Before the first result: a readiness or startup probe has not passed, a liveness probe has not failed. */
    public static ProbeState initially(boolean passing) {
        return new ProbeState(passing, passing, 0);
    }

    /**
     * After another result.
     *
     * @param successThreshold equal results that it takes to pass
     * @param failureThreshold equal results that it takes to fail
     */
    public ProbeState after(boolean success, int successThreshold, int failureThreshold) {
        int row = success == last ? inARow + 1 : 1;
        int threshold = success ? successThreshold : failureThreshold;
        return new ProbeState(row >= threshold ? success : passing, success, row);
    }

    /** Whether the last results are a verdict and not just a trend. */
    boolean isFailure(int failureThreshold) {
        return !last && inARow >= failureThreshold;
    }
}
