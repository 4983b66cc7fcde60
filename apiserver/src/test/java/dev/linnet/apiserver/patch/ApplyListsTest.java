package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.container;
import static dev.linnet.apiserver.patch.Writers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplyListsTest {

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource(delimiter = '|', textBlock = """
            a b c     | b         | a b c
            a b c     | c a       | b c a
            a b c     | d         | a b c d
            a b c     | d c b a   | d c b a
            a b c     | d b       | a d b c
            a x b     | b a       | x b a
            x a y b z | a n b     | x a y n b z
            """)
    void keepTheAppliedOrderAndWeaveTheOthersIn(String live, String applied, String expected) {
        ObjectNode web = created(containers(live), "alice");

        ObjectNode merged = apply(web, containers(applied), "bob");

        assertThat(merged.path("spec")).isEqualTo(yaml(containers(expected)).path("spec"));
    }

    @Test
    void areReplacedWhereTheyAreAtomic() {
        ObjectNode web = apply(
                NOTHING,
                "{apiVersion: apps/v1, spec: {template: {spec: {tolerations: [{key: a}, {key: b}]}}}}",
                "alice");

        ObjectNode changed =
                apply(web, "{apiVersion: apps/v1, spec: {template: {spec: {tolerations: [{key: c}]}}}}", "alice");

        assertThat(changed.at("/spec/template/spec/tolerations"))
                .isEqualTo(yaml("{l: [{key: c}]}").path("l"));
    }

    @Test
    void findTheirElementThoughTheConfigurationLeavesADefaultKeyOut() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        ((ObjectNode) container(web).at("/ports/0")).put("protocol", "TCP");

        assertThat(apply(web, WEB, "alice")).isEqualTo(web);
    }

    @Test
    void tellTwoPortsOfOneNumberApart() {
        ObjectNode web = apply(
                NOTHING,
                WEB.replace(
                        "[{containerPort: 80}]",
                        "[{containerPort: 80, protocol: TCP}, {containerPort: 80, protocol: UDP}]"),
                "alice");

        ObjectNode one =
                apply(web, WEB.replace("[{containerPort: 80}]", "[{containerPort: 80, protocol: UDP}]"), "alice");

        assertThat(container(one).path("ports"))
                .isEqualTo(yaml("{l: [{containerPort: 80, protocol: UDP}]}").path("l"));
    }

    private static String containers(String names) {
        StringBuilder list = new StringBuilder();
        for (String name : names.split(" ", -1)) {
            list.append(list.isEmpty() ? "" : ", ")
                    .append("{name: ")
                    .append(name)
                    .append('}');
        }
        return "{apiVersion: apps/v1, spec: {template: {spec: {containers: [" + list + "]}}}}";
    }
}
