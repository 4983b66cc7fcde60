package dev.linnet.e2e;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Whether the tools of a walk are there. In CI a missing tool fails; elsewhere the test is skipped and says what to install. */
final class Kubectl {
    /** {@code -Dlinnet.kubectl=PATH} names another release than the one on the PATH. */
    static final String PROGRAM = System.getProperty("linnet.kubectl", "kubectl");

    private static final int OLDEST = 28;

    private Kubectl() {}

    static void needed() {
        Optional<String> missing = missing();
        Assumptions.assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    /** What is missing, in words for the person who wonders why tests were skipped. */
    static Optional<String> missing() {
        Optional<String> missing = lack();
        if (missing.isPresent() && System.getenv().containsKey("CI")) {
            throw new AssertionError(missing.get());
        }
        return missing;
    }

    private static Optional<String> lack() {
        if (minor() < OLDEST) {
            return Optional.of("needs kubectl 1." + OLDEST + " or newer on the PATH");
        }
        return present("curl")
                ? Optional.empty()
                : Optional.of("needs curl on the PATH (on Debian: apt-get install curl)");
    }

    /** The 32 of kubectl 1.32; 0 where there is none. */
    static int minor() {
        return Found.MINOR;
    }

    /** Asked once. */
    private static final class Found {
        private static final int MINOR = ask();

        private static int ask() {
            if (!present(PROGRAM)) {
                return 0;
            }
            String said = Program.run(List.of(PROGRAM, "version", "--client"), Map.of(), "")
                    .out();
            Matcher minor = Pattern.compile("v1\\.(\\d+)").matcher(said);
            return minor.find() ? Integer.parseInt(minor.group(1)) : 0;
        }
    }

    private static boolean present(String program) {
        try {
            return Program.run(List.of(program, "--help"), Map.of(), "").exit() == 0;
        } catch (UncheckedIOException _) {
            return false;
        }
    }
}
