package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each file of {@code refused} holds a good object, then changes ({@code change}, a merge patch) that make it a bad one, and the
 * lines that a real server answers then ({@code says}). Files of {@code changed} hold objects that exist already, those of
 * {@code reported} objects of which the status is written.
 */
final class RefusalsTest {

    @TestFactory
    Stream<DynamicTest> refusesWhatARealServerRefuses() {
        return cases("refused", RefusalsTest::linesOfNew);
    }

    @TestFactory
    Stream<DynamicTest> refusesChangesOfWhatMustStay() {
        return cases("changed", RefusalsTest::linesOfChange);
    }

    @TestFactory
    Stream<DynamicTest> refusesStatusesThatCannotBe() {
        return cases("reported", RefusalsTest::linesOfStatus);
    }

    /** Says what is wrong with a file's object after a change. */
    private interface Judge {
        List<String> lines(ObjectNode object, ObjectNode change);
    }

    private static Stream<DynamicTest> cases(String folder, Judge judge) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Golden golden : Golden.in(folder).toList()) {
            int number = 0;
            for (ObjectNode one : golden.others()) {
                number++;
                String name = golden.name() + " " + number + ": "
                        + one.path("says").path(0).asText("(accepted)");
                tests.add(DynamicTest.dynamicTest(name, () -> {
                    ObjectNode change = (ObjectNode) one.get("change");
                    List<String> expected = Json.texts(one, "says");
                    assertThat(judge.lines(golden.object(), change)).isEqualTo(expected);
                }));
            }
        }
        return tests.stream();
    }

    private static List<String> linesOfNew(ObjectNode good, ObjectNode change) {
        ResourceKind kind = Golden.kindOf(good);
        ObjectNode object = Golden.prepared(Golden.merged(good, change));
        List<FieldError> errors = new ArrayList<>(kind.rules().validate(object));
        errors.addAll(kind.rules().validateCreate(object));
        return errors.stream().map(FieldError::line).toList();
    }

    private static List<String> linesOfChange(ObjectNode good, ObjectNode change) {
        ResourceKind kind = Golden.kindOf(good);
        ObjectNode before = Golden.prepared(good.deepCopy());
        ObjectNode after = Golden.prepared(Golden.merged(before, change));
        return kind.rules().validateUpdate(before, after).stream()
                .map(FieldError::line)
                .toList();
    }

    private static List<String> linesOfStatus(ObjectNode good, ObjectNode change) {
        ObjectNode before = Golden.prepared(good.deepCopy());
        ObjectNode after = Golden.prepared(Golden.merged(before, change));
        return Golden.kindOf(good).rules().validateStatus(before, after).stream()
                .map(FieldError::line)
                .toList();
    }
}
