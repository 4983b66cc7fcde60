package dev.linnet.rollout.plan;

/**
 * Whether requests are copied to a canary that does not answer them yet.
 *
 * @param wanted  {@code analysis.mirror}
 * @param percent how many of them ({@code analysis.mirrorWeight}); 0 for what the provider does by default, which is all
 */
public record Mirror(boolean wanted, int percent) {
    public static final Mirror OFF = new Mirror(false, 0);
}
