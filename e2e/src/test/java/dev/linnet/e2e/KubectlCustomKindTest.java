package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Kinds that a user defines are kinds like any other. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class KubectlCustomKindTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void livesFromItsDefinitionToItsEnd(Terminal user) {
        String group = define(user);
        String ct = "crontab." + group;
        user.kubectl(cronTab(group, "mine", "5"), "apply -f -");
        assertThat(user.kubectl(cronTab(group, "mine", "5"), "apply -f -"))
                .isEqualTo("crontab." + group + "/mine unchanged\n");
        assertThat(user.kubectl(cronTab(group, "mine", "6"), "apply -f -"))
                .isEqualTo("crontab." + group + "/mine configured\n");
        assertThat(user.kubectl("get ct." + group)).containsPattern("NAME +SPEC +REPLICAS +AGE\nmine +6 +2 ");
        assertThat(user.kubectl("get " + ct + " -o wide")).containsPattern("NAME +SPEC +REPLICAS +AGE +SEEN\n");
        assertThat(user.kubectl("explain crontab.spec --api-version=" + group + "/v1"))
                .containsPattern("cronSpec\\s+<string> -required-\n +When it runs\\.");
        assertThat(user.lines("api-resources --no-headers --api-group=" + group))
                .singleElement()
                .asString()
                .matches("crontabs +ct +" + group + "/v1 +true +CronTab");
        assertThat(user.kubectl("describe " + ct + " mine"))
                .containsPattern("Cron Spec: +6\n")
                .containsPattern("Kind: +CronTab");

        user.kubectl(
                "patch " + ct
                        + " mine --type=merge --subresource=status -p '{\"status\":{\"replicas\":3},\"spec\":{\"replicas\":7}}'");
        assertThat(user.field(ct + "/mine", ".spec.replicas} {.status.replicas} {.metadata.generation"))
                .isEqualTo("2 3 2");
        user.kubectl("patch " + ct + " mine --type=merge -p '{\"status\":{\"replicas\":9},\"spec\":{\"replicas\":4}}'");
        assertThat(user.field(ct + "/mine", ".spec.replicas} {.status.replicas} {.metadata.generation"))
                .isEqualTo("4 3 3");
        user.kubectl("scale " + ct + " mine --replicas=5");
        assertThat(user.field(ct + "/mine", ".spec.replicas")).isEqualTo("5");
        user.kubectl("wait " + ct + "/mine --for=jsonpath={.status.replicas}=3 --timeout=10s");
        user.kubectl("label " + ct + " mine a=b");
        user.edit("edit " + ct + " mine", "s/replicas: 5/replicas: 6/").ok();
        assertThat(user.lines("get " + ct + " -l a=b -o custom-columns=R:.spec.replicas"))
                .containsExactly("R", "6");
        user.kubectl(cronTab(group, "mine", "7"), "apply --server-side --force-conflicts -f -");
        assertThat(user.field(ct + "/mine", ".spec.cronSpec")).isEqualTo("7");
        assertThat(user.refused("patch " + ct + " mine -p '{}' --type=strategic"))
                .contains("application/strategic-merge-patch+json");
        assertThat(user.kubectl("delete " + ct + " mine")).isEqualTo("crontab." + group + " \"mine\" deleted\n");

        user.kubectl("delete crd crontabs." + group);
        assertThat(user.refused("get " + ct)).contains("the server");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void refusesWhatItsSchemaDoesNotAllow(Terminal user) {
        String group = define(user);
        String ct = "crontab." + group;
        assertThat(user.refused(cronTab(group, "bad", "x"), "apply -f -"))
                .contains(
                        "The CronTab \"bad\" is invalid: spec.cronSpec: Invalid value: \"x\": spec.cronSpec in body should match '^\\d+$'");
        assertThat(user.refused(cronTab(group, "bad", "1") + "  replicas: 11\n", "create -f -"))
                .contains("spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10");
        assertThat(user.refused(cronTab(group, "bad", "1") + "  nope: 1\n", "create -f -"))
                .contains("strict decoding error: unknown field \"spec.nope\"");
        assertThat(user.refused(
                        cronTab(group, "bad", "1").replace("cronSpec", "image"), "create --validate=false -f -"))
                .contains("spec.cronSpec: Required value");
        assertThat(user.refused(cronTab(group, "bad", "1") + "  replicas: many\n", "create -f -"))
                .contains("spec.replicas in body must be of type integer: \"string\"");
        assertThat(user.lines("get " + ct + " -o name")).isEmpty();

        user.kubectl(cronTab(group, "good", "1") + "  nope: 1\n", "create --validate=ignore -f -");
        assertThat(user.field(ct + "/good", ".spec"))
                .as("unknown fields are pruned, defaults are there")
                .isEqualTo("{\"cronSpec\":\"1\",\"replicas\":2}");
        assertThat(user.run(cronTab(group, "good", "2") + "  nope: 1\n", "apply --validate=warn -f -")
                        .err())
                .contains("unknown field \"spec.nope\"");
        assertThat(user.refused("patch " + ct + " good --type=merge -p '{\"spec\":{\"replicas\":0}}'"))
                .contains("spec.replicas in body should be greater than or equal to 1");
        assertThat(user.field(ct + "/good", ".spec")).isEqualTo("{\"cronSpec\":\"2\",\"replicas\":2}");
        assertThat(user.refused(
                        "patch crd crontabs." + group + " --type=merge -p '{\"spec\":{\"scope\":\"Cluster\"}}'"))
                .contains("spec.scope: Invalid value: \"Cluster\": field is immutable");
        user.kubectl("delete crd crontabs." + group);
    }

    /** A group of this test's own: definitions are the whole cluster's. */
    private static String define(Terminal user) {
        String group = user.namespace() + ".example.com";
        user.kubectl(Manifests.read("crontab-crd.yaml", Map.of("group", group)), "apply -f -");
        user.kubectl("wait crd/crontabs." + group + " --for=condition=Established --timeout=30s");
        assertThat(user.kubectl("get crd crontabs." + group))
                .containsPattern("NAME +CREATED AT\ncrontabs\\." + group + " +20\\d\\d-");
        return group;
    }

    private static String cronTab(String group, String name, String spec) {
        return "apiVersion: " + group + "/v1\nkind: CronTab\nmetadata:\n  name: " + name + "\nspec:\n  cronSpec: \""
                + spec + "\"\n";
    }
}
