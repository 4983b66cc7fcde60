package dev.linnet.e2e;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Whether the tools of a walk are there. In CI a missing tool fails; elsewhere the test is skipped and says what to install. */
final class Kubectl {
    private static final int OLDEST = 28;

    private Kubectl() {}

    static void needed() {
        need(version() >= OLDEST, "needs kubectl 1." + OLDEST + " or newer on the PATH");
        need(present("curl"), "needs curl on the PATH (on Debian: apt-get install curl)");
    }

    private static void need(boolean there, String message) {
        if (!there && System.getenv().containsKey("CI")) {
            throw new AssertionError(message);
        }
        Assumptions.assumeTrue(there, message);
    }

    private static int version() {
        if (!present("kubectl")) {
            return 0;
        }
        String said = Program.run(List.of("kubectl", "version", "--client"), Map.of(), "")
                .out();
        Matcher minor = Pattern.compile("v1\\.(\\d+)").matcher(said);
        return minor.find() ? Integer.parseInt(minor.group(1)) : 0;
    }

    private static boolean present(String program) {
        try {
            return Program.run(List.of(program, "--help"), Map.of(), "").exit() == 0;
        } catch (UncheckedIOException _) {
            return false;
        }
    }
}
