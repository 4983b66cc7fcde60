package dev.linnet.rollout.plan;

/**
 * A mistake of a Canary's author.
 *
 * @param path    where in its spec: {@code analysis.stepWeight}
 * @param message {@code is 0 (expected: 1 to 100)}
 * @param bars    whether no release can begin before it is mended; else the rest is obeyed
 */
public record PlanProblem(String path, String message, boolean bars) {
    @Override
    public String toString() {
        return path + " " + message;
    }
}
