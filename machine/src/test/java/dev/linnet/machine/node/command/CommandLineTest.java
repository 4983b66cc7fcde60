package dev.linnet.machine.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    @Test
    void separatesWordsAsAShellDoesAndExpandsNothing() {
        assertThat(words("  python3  -m http.server ")).containsExactly("python3", "-m", "http.server");
        assertThat(words("sh -c 'echo \"$HOME\" > \\n'")).containsExactly("sh", "-c", "echo \"$HOME\" > \\n");
        assertThat(words("a \"b \\\" c\"d '' \\ e \\d")).containsExactly("a", "b \" cd", "", " e", "\\d");
        assertThat(words(" ")).isEmpty();
    }

    @Test
    void missesTheEndOfAQuote() {
        assertThatThrownBy(() -> CommandLine.parse("sh -c 'echo"))
                .hasMessage("command line is sh -c 'echo (expected: an end of each quote, ')");
    }

    @Test
    void putsValuesInTheirPlacesWithoutSplittingThem() {
        CommandLine line = CommandLine.parse("serve --at={ip}:{port} '{port:my-http}' {dir} {\"a\":1} {print} {ports}");

        assertThat(line.filled(name -> "<" + name + " $1>"))
                .containsExactly(
                        "serve",
                        "--at=<ip $1>:<port $1>",
                        "<port:my-http $1>",
                        "<dir $1>",
                        "{a:1}",
                        "{print}",
                        "{ports}");
    }

    private static List<String> words(String text) {
        return CommandLine.parse(text).words();
    }
}
