package dev.linnet.rollout;

import dev.linnet.rollout.plan.Affinity;
import dev.linnet.rollout.plan.Routing.Ability;
import dev.linnet.rollout.run.Cookies;

/**
 * The cookies by which users keep their version: one for a run, another for the primary in each step, and the old one to be forgotten. Their
 * letters follow from the run, so that a step that is taken again gives users the cookie that they already have.
 */
final class StickyCookies {
    private static final int LENGTH = 10;
    private static final int LETTERS = 26;

    private StickyCookies() {}

    static Cookies next(Situation at, Cookies before, boolean canaryServes) {
        if (!canaryServes) {
            return before.canary().isEmpty() ? before : before.ended();
        }
        Affinity affinity = at.analysis().affinity();
        if (!affinity.isWanted()
                || !at.can(Ability.AFFINITY)
                || !at.analysis().audience().isEmpty()) {
            return before;
        }
        String canary = before.canary().isEmpty() ? ofRun(at, affinity.cookie()) : before.canary();
        String primary = affinity.primaryCookie().isEmpty() ? "" : ofStep(at, affinity.primaryCookie());
        return new Cookies(canary, before.previous(), primary);
    }

    private static String ofRun(Situation at, String cookie) {
        return cookie + "=" + letters(seed(at, cookie));
    }

    private static String ofStep(Situation at, String cookie) {
        return cookie + "=" + letters(seed(at, cookie) + "/" + at.run().clock().step());
    }

    private static String seed(Situation at, String cookie) {
        return at.release().names().canaryInNamespace() + "/" + cookie + "/"
                + at.versions().applied().revision() + "/" + at.run().number();
    }

    /** SplitMix64's mixer over a polynomial hash: spread evenly, and the same on every machine. */
    private static String letters(String seed) {
        long state = 0;
        for (int index = 0; index < seed.length(); index++) {
            state = state * 31 + seed.charAt(index);
        }
        StringBuilder text = new StringBuilder();
        for (int letter = 0; letter < LENGTH; letter++) {
            state += 0x9E3779B97F4A7C15L;
            int index = (int) Long.remainderUnsigned(mix(state), 2 * LETTERS);
            text.append((char) (index < LETTERS ? 'a' + index : 'A' + index - LETTERS));
        }
        return text.toString();
    }

    private static long mix(long state) {
        long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
