package dev.linnet.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table in docs/architecture.md, as a test: parts meet in the Kubernetes API and in {@code cli}, nowhere else. */
final class LayeringTest {
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("routing", Set.of()),
            Map.entry("rollout", Set.of()),
            Map.entry("numbers", Set.of()),
            Map.entry("manifests", Set.of("routing", "rollout")),
            Map.entry("gateway", Set.of("routing", "manifests", "numbers")),
            Map.entry("controller", Set.of("rollout", "manifests", "routing", "numbers")),
            Map.entry("console", Set.of("rollout", "manifests", "numbers")),
            Map.entry("apiserver", Set.of()),
            Map.entry("machine", Set.of()),
            Map.entry("samples", Set.of()),
            Map.entry("loadtester", Set.of()));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.linnet");

    @TestFactory
    List<DynamicTest> everyPartUsesOnlyWhatItMay() {
        List<DynamicTest> tests = new ArrayList<>();
        MAY_USE.forEach((part, allowed) -> {
            String[] others = MAY_USE.keySet().stream()
                    .filter(other -> !other.equals(part) && !allowed.contains(other))
                    .map(LayeringTest::packageOf)
                    .toArray(String[]::new);
            tests.add(DynamicTest.dynamicTest(
                    part,
                    () -> noClasses()
                            .that()
                            .resideInAPackage(packageOf(part))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others)
                            .orShould()
                            .dependOnClassesThat()
                            .resideInAPackage("dev.linnet.cli..")
                            .check(CLASSES)));
        });
        return tests;
    }

    @Test
    void pureModulesKnowNoSocketsNoThreadsAndNoClient() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.linnet.routing..",
                        "dev.linnet.rollout..",
                        "dev.linnet.manifests..",
                        "dev.linnet.numbers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net.http..",
                        "java.nio.channels..",
                        "io.netty..",
                        "io.fabric8.kubernetes.client..",
                        "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void onlyTheFeedAndTheStatusWriterTalkToTheKubernetesApi() {
        noClasses()
                .that()
                .resideInAPackage("dev.linnet.gateway..")
                .and()
                .resideOutsideOfPackages("dev.linnet.gateway.feed..", "dev.linnet.gateway.status..")
                .and()
                .doNotHaveSimpleName("GatewayProcess")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8.kubernetes.client..")
                .check(CLASSES);
    }

    @Test
    void packagesOfAModuleFormNoCycle() {
        slices().matching("dev.linnet.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static String packageOf(String part) {
        return "dev.linnet." + part + "..";
    }
}
