package dev.linnet.routing;

import java.nio.charset.StandardCharsets;

/** The two words that headers and cookies may say. */
final class Words {
    private static final byte[] ALWAYS = "always".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEVER = "never".getBytes(StandardCharsets.US_ASCII);

    private Words() {}

    static Verdict ask(byte[] bytes, int start, int end) {
        if (Bytes.equal(ALWAYS, bytes, start, end)) {
            return Verdict.TAKES;
        }
        return isNever(bytes, start, end) ? Verdict.REFUSES : Verdict.PASSES;
    }

    static boolean isNever(byte[] bytes, int start, int end) {
        return Bytes.equal(NEVER, bytes, start, end);
    }
}
