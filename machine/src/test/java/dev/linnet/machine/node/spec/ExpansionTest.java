package dev.linnet.machine.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain               | plain
            $(A)                | 1
            x$(A)y$(B)z         | x1y2z
            $(UNKNOWN)          | $(UNKNOWN)
            $$(A)               | $(A)
            $$$(A)              | $1
            $A                  | $A
            $(A                 | $(A
            a$                  | a$
            $()                 | $()
            $($(A))             | $($(A))
            """)
    void replacesKnownVariablesAndLeavesTheRest(String text, String expanded) {
        assertThat(Expansion.expand(text, Map.of("A", "1", "B", "2"))).isEqualTo(expanded);
    }
}
