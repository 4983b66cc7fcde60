package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each file holds an object, then changes to it ({@code change}, a merge patch) with the row that {@code kubectl get} shows, and
 * the further columns of {@code -o wide}. The time is always noon of the day on which the objects were made at eleven.
 */
final class RowsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TestFactory
    Stream<DynamicTest> showsObjectsAsKubectlUsersKnowThem() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Golden golden : Golden.in("rows").toList()) {
            int number = 0;
            for (ObjectNode one : golden.others()) {
                number++;
                tests.add(DynamicTest.dynamicTest(golden.name() + " " + number, () -> assertRow(golden.object(), one)));
            }
        }
        return tests.stream();
    }

    private static void assertRow(ObjectNode object, ObjectNode expected) {
        ObjectNode shown = Golden.merged(object, expected.path("change"));
        for (int priority = 0; priority < 2; priority++) {
            String field = priority == 0 ? "row" : "wide";
            if (expected.has(field)) {
                assertThat(row(shown, priority)).containsExactlyElementsOf(Json.texts(expected, field));
            }
        }
        if (expected.has("columns")) {
            assertThat(headers(shown)).containsExactlyElementsOf(Json.texts(expected, "columns"));
        }
    }

    private static List<String> headers(ObjectNode object) {
        return Golden.kindOf(object).rules().columns().stream()
                .map(column -> column.name().toUpperCase(Locale.ROOT))
                .toList();
    }

    private static List<String> row(ObjectNode object, int priority) {
        ResourceKind.KindRules rules = Golden.kindOf(object).rules();
        List<Column> columns = rules.columns();
        List<Object> cells = rules.cells(object, NOW);
        List<String> row = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).priority() == priority) {
                row.add(String.valueOf(cells.get(i)));
            }
        }
        return row;
    }
}
