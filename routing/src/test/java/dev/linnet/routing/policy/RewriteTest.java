package dev.linnet.routing.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.linnet.routing.policy.Rewrite.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RewriteTest {
    private static String rewritten(String pattern, String path, Piece... target) {
        return new Rewrite(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), List.of(target), Optional.empty())
                .apply(path.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Piece text(String text) {
        return new Piece.Text(text);
    }

    private static Piece group(int number) {
        return new Piece.Group(number);
    }

    @Test
    void replacesTheWholePathByTextAndWhatWasCaptured() {
        assertThat(rewritten("/foo/(.+)", "/FOO/bar", text("/new/"), group(1))).isEqualTo("/new/bar");
        assertThat(rewritten("/foo", "/foo/bar", text("/new"))).isEqualTo("/new");
    }

    @Test
    void findsThePatternAnywhere() {
        assertThat(rewritten("/b(c?)", "/a/bc/d", text("/"), group(1))).isEqualTo("/c");
    }

    @Test
    void takesNothingFromAGroupThatIsNotThere() {
        assertThat(rewritten("/a(/x)?", "/a", text("/b"), group(1), group(7))).isEqualTo("/b");
    }

    @Test
    void encodesWhatWasDecoded() {
        assertThat(rewritten("/a((?s).*)", "/a/b c?d%\r\nX\u00ff", group(1))).isEqualTo("/b%20c%3Fd%25%0D%0AX%FF");
    }

    @Test
    void alwaysMakesAPath() {
        assertThat(rewritten("/(.*)", "/", group(1))).isEqualTo("/");
        assertThat(rewritten("/(.*)", "/a", group(1))).isEqualTo("/a");
    }
}
