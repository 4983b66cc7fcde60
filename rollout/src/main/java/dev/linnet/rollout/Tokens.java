package dev.linnet.rollout;

/** The letters of cookies. They follow from the run, so that a step that is taken again gives users the cookie that they already have. */
final class Tokens {
    private static final int LENGTH = 10;
    private static final int LETTERS = 26;

    private Tokens() {}

    static String of(Situation at, String cookie) {
        String seed = at.release().names().canaryInNamespace() + "/" + cookie + "/"
                + at.versions().applied().revision() + "/" + at.run().number();
        return letters(seed);
    }

    /** Another one in each step. */
    static String ofStep(Situation at, String cookie) {
        return of(at, cookie + "/" + at.run().clock().step());
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
