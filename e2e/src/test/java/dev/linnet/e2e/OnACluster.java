package dev.linnet.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a namespace of its own on one cluster that all suites share: as a {@link Terminal}, where there is a kubectl to type into it,
 * or as a {@link KubernetesClient}. The namespace is deleted when the test is over.
 */
final class OnACluster implements ParameterResolver, ExecutionCondition {
    private static final Namespace STORE = Namespace.create(OnACluster.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean typed = context.getTestMethod()
                .map(test -> java.util.List.of(test.getParameterTypes()).contains(Terminal.class))
                .orElse(false);
        Optional<String> missing = typed ? Kubectl.missing() : Optional.empty();
        return missing.map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("there is what it needs"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Terminal.class || type == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Room room = context.getStore(STORE).computeIfAbsent(Room.class, _ -> Room.in(clusterOf(context)), Room.class);
        return parameter.getParameter().getType() == Terminal.class ? room.terminal() : room.client();
    }

    private static TestedCluster clusterOf(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(TestedCluster.class, _ -> opened(), TestedCluster.class);
    }

    private static TestedCluster opened() {
        try {
            return TestedCluster.open();
        } catch (Exception e) {
            throw new IllegalStateException("no cluster to test", e);
        }
    }

    /** Closed by JUnit with the store that holds it, which is the test's. */
    private record Room(TestedCluster cluster, String namespace, KubernetesClient client) implements AutoCloseable {
        static Room in(TestedCluster cluster) {
            String namespace = cluster.newNamespace();
            return new Room(cluster, namespace, cluster.clientIn(namespace));
        }

        Terminal terminal() {
            return cluster.terminalIn(namespace);
        }

        @Override
        public void close() {
            client.close();
            cluster.deleteNamespace(namespace);
        }
    }
}
