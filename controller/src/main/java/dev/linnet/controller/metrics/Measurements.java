package dev.linnet.controller.metrics;

import dev.linnet.controller.api.MetricTemplate;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.metrics.store.Credentials;
import dev.linnet.controller.metrics.store.MetricStore;
import dev.linnet.controller.metrics.store.MetricStores;
import dev.linnet.controller.metrics.store.PrometheusStore;
import dev.linnet.controller.metrics.store.StoreMistake;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.MetricQueries;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import dev.linnet.manifests.gotemplate.TemplateMistake;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What the metrics of a check show, each asked where it is known: our gateways' numbers, Prometheus, or the store of a MetricTemplate. All
 * are asked side by side, and one that does not answer in time is down.
 */
public final class Measurements {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Of the time between two checks, the part that may have passed since gateways were read. */
    private static final int YOUNG = 4;

    private static final String NO_SERVER =
            "no metrics server is configured (expected: -metrics-server, or spec.metricsServer";
    private static final String NEEDS_SERVER = NO_SERVER + ", since Linnet's gateways do not see Knative's requests)";

    private final KubernetesClient client;
    private final Fetch fetch;
    private final GatewayNumbers numbers;
    private final MetricStores stores;
    private final Settings settings;

    /**
     * What is the same for all Canaries.
     *
     * @param server           Prometheus for built-in metrics and queries; without one our gateways are asked, which know no queries
     * @param keepsToNamespace whether Canaries may only use templates of their own namespace
     */
    public record Settings(Optional<String> server, boolean keepsToNamespace) {}

    public Measurements(
            KubernetesClient client, Fetch fetch, GatewayNumbers numbers, MetricStores stores, Settings settings) {
        this.client = client;
        this.fetch = fetch;
        this.numbers = numbers;
        this.stores = stores;
        this.settings = settings;
    }

    /**
     * Asks for all of them.
     *
     * @param began what was before it says nothing about this version
     * @return one value for each check, in order
     */
    public List<MetricValue> values(CanaryPlan plan, List<MetricCheck> checks, Instant began)
            throws InterruptedException {
        List<Callable<MetricValue>> questions = new ArrayList<>();
        checks.forEach(check -> questions.add(() -> value(plan, check, began)));
        List<MetricValue> values = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<MetricValue>> answers =
                    threads.invokeAll(questions, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            for (Future<MetricValue> answer : answers) {
                values.add(value(answer));
            }
        }
        return values;
    }

    private static MetricValue value(Future<MetricValue> answer) throws InterruptedException {
        if (answer.isCancelled()) {
            return new MetricValue.StoreDown("no answer within " + PATIENCE.toSeconds() + " s");
        }
        try {
            return answer.get();
        } catch (ExecutionException e) {
            return new MetricValue.StoreDown(String.valueOf(e.getCause()));
        }
    }

    private MetricValue value(CanaryPlan plan, MetricCheck check, Instant began) throws InterruptedException {
        return switch (check.source()) {
            case Source.SuccessRate _, Source.RequestDuration _ -> builtIn(plan, check, began);
            case Source.Inline(String query) -> inline(plan, check, query);
            case Source.Template template -> template(plan, check, template);
            case Source.Nothing _ ->
                new MetricValue.Unusable(
                        "Metric query failed for no usable metrics template and query were configured");
        };
    }

    private MetricValue builtIn(CanaryPlan plan, MetricCheck check, Instant began) throws InterruptedException {
        Optional<String> server = server(plan);
        if (server.isEmpty() && !plan.isSeenByGateways()) {
            return new MetricValue.Unusable("Prometheus query failed: " + NEEDS_SERVER);
        }
        if (server.isEmpty()) {
            numbers.read(plan.release().analysis().checks().interval().dividedBy(YOUNG));
            return numbers.value(plan, check, began);
        }
        try {
            MetricStore store = new PrometheusStore(fetch, server.get());
            MetricValue value = store.ask(MetricQueries.builtIn(plan, check), check.interval());
            return value instanceof MetricValue.NoData(String detail) ? absence(plan, store, detail) : value;
        } catch (StoreMistake e) {
            return new MetricValue.Unusable("Error building Prometheus client for metrics server: " + e.text());
        }
    }

    /** Series begin with the first request. So if there are any of others, ours had none; else nobody collects them. */
    private static MetricValue absence(CanaryPlan plan, MetricStore store, String detail) throws InterruptedException {
        return store.ask(MetricQueries.presence(plan), Duration.ZERO) instanceof MetricValue.Value
                ? new MetricValue.NoTraffic(detail)
                : new MetricValue.NoData(detail);
    }

    /** Whether built-in metrics of a plan are our gateways' own numbers. */
    public boolean asksGateways(CanaryPlan plan) {
        return server(plan).isEmpty() && plan.isSeenByGateways();
    }

    private Optional<String> server(CanaryPlan plan) {
        return plan.measuring().server().or(settings::server);
    }

    private MetricValue inline(CanaryPlan plan, MetricCheck check, String query) throws InterruptedException {
        String failure = "Prometheus query failed for " + check.name() + ": ";
        Optional<String> server = server(plan);
        if (server.isEmpty()) {
            return new MetricValue.Unusable(failure + NO_SERVER + ")");
        }
        try {
            return explained(failure, new PrometheusStore(fetch, server.get()), plan, check, query);
        } catch (StoreMistake e) {
            return new MetricValue.Unusable(failure + e.text());
        }
    }

    private MetricValue template(CanaryPlan plan, MetricCheck check, Source.Template asked)
            throws InterruptedException {
        String name = "Metric template " + asked.name() + "." + asked.namespace();
        try {
            MetricTemplateSpec template = read(plan, asked);
            MetricStore store = store(template, asked);
            try {
                return explained(
                        "Metric query failed for " + check.name() + ": ", store, plan, check, template.query());
            } catch (StoreMistake e) {
                return new MetricValue.Unusable(name + " query render error: " + e.text());
            }
        } catch (StoreMistake e) {
            return new MetricValue.Unusable(name + " " + e.text());
        } catch (KubernetesClientException e) {
            return new MetricValue.StoreDown(name + " cannot be read: " + e.getMessage());
        }
    }

    /** Only the reason why a value is unusable gets its sentence here: the others are judged first. */
    private static MetricValue explained(
            String failure, MetricStore store, CanaryPlan plan, MetricCheck check, String query)
            throws InterruptedException, StoreMistake {
        String filled;
        try {
            filled = MetricQueries.fill(query, plan, check);
        } catch (TemplateMistake e) {
            throw new StoreMistake(e.text());
        }
        MetricValue value = store.ask(filled, check.interval());
        return value instanceof MetricValue.Unusable(String text) ? new MetricValue.Unusable(failure + text) : value;
    }

    private MetricTemplateSpec read(CanaryPlan plan, Source.Template asked) throws StoreMistake {
        if (settings.keepsToNamespace()
                && !asked.namespace().equals(plan.release().names().namespace())) {
            throw new StoreMistake("error: can't access metric template " + asked.name() + "." + asked.namespace()
                    + ", cross-namespace references are blocked");
        }
        MetricTemplate live = client.resources(MetricTemplate.class)
                .inNamespace(asked.namespace())
                .withName(asked.name())
                .get();
        if (live == null || live.getSpec() == null) {
            throw new StoreMistake("error: metrictemplates.flagger.app \"" + asked.name() + "\" not found");
        }
        return MetricTemplateSpec.read(live.getSpec());
    }

    private MetricStore store(MetricTemplateSpec template, Source.Template asked) throws StoreMistake {
        Credentials credentials = credentials(template, asked.namespace());
        try {
            return stores.of(template.provider(), credentials);
        } catch (StoreMistake e) {
            throw new StoreMistake("provider " + template.provider().type() + " error: " + e.text());
        }
    }

    private Credentials credentials(MetricTemplateSpec template, String namespace) throws StoreMistake {
        if (template.provider().secret().isEmpty()) {
            return Credentials.NONE;
        }
        String name = template.provider().secret().get();
        var secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            throw new StoreMistake("secret " + name + " error: secrets \"" + name + "\" not found");
        }
        Map<String, String> values = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) ->
                            values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return new Credentials(name, Secret.of(Map.copyOf(values)));
    }

    /** Why one of a plan's stores cannot be asked; empty if all can. */
    public Optional<String> trouble(CanaryPlan plan) throws InterruptedException {
        boolean wantsServer = false;
        for (MetricCheck check : plan.release().analysis().checks().metrics()) {
            if (check.source() instanceof Source.Template template) {
                Optional<String> trouble = trouble(plan, template);
                if (trouble.isPresent()) {
                    return trouble;
                }
            }
            wantsServer |= !(check.source() instanceof Source.Template) && !(check.source() instanceof Source.Nothing);
        }
        return wantsServer ? serverTrouble(plan) : Optional.empty();
    }

    private Optional<String> trouble(CanaryPlan plan, Source.Template asked) throws InterruptedException {
        String name = "metric template " + asked.name() + "." + asked.namespace();
        try {
            MetricTemplateSpec template = read(plan, asked);
            return store(template, asked)
                    .trouble()
                    .map(why -> template.provider().type() + " in " + name + " not avaiable: " + why);
        } catch (StoreMistake e) {
            return Optional.of(name + " " + e.text());
        } catch (KubernetesClientException e) {
            return Optional.of(name + " cannot be read: " + e.getMessage());
        }
    }

    private Optional<String> serverTrouble(CanaryPlan plan) throws InterruptedException {
        Optional<String> server = server(plan);
        if (server.isEmpty()) {
            return plan.isSeenByGateways() ? Optional.empty() : Optional.of("prometheus not avaiable: " + NEEDS_SERVER);
        }
        try {
            return new PrometheusStore(fetch, server.get()).trouble().map(why -> "prometheus not avaiable: " + why);
        } catch (StoreMistake e) {
            return Optional.of("prometheus not avaiable: " + e.text());
        }
    }
}
