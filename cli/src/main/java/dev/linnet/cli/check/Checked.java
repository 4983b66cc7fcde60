package dev.linnet.cli.check;

import dev.linnet.cli.GatewayApiInCluster;
import dev.linnet.cli.IstioInCluster;
import dev.linnet.manifests.LonelyReleases;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.Mistake;
import dev.linnet.manifests.endpoints.PodReading;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.flagger.CanaryCheck;
import dev.linnet.manifests.gatewayapi.GatewayApi;
import dev.linnet.manifests.gatewayapi.GatewayApiCheck;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.gatewayapi.ListedObjects;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressCheck;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.manifests.ingress.Surroundings;
import dev.linnet.manifests.istio.IstioCheck;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.routing.Workload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What was found in some files or a cluster.
 *
 * @param reports  object by object
 * @param mistakes what of the files could not be read
 */
record Checked(List<ObjectReport> reports, List<Mistake> mistakes) {
    /** What {@code linnet controller} takes where a Canary names no provider. */
    private static final String USUAL_PROVIDER = "nginx";

    static Checked files(Manifests manifests) {
        return of(
                        manifests.ingresses(),
                        withUsualClass(manifests.ingressClasses()),
                        manifests.configMaps(),
                        manifests.validatingWebhooks(),
                        IstioObject.all(manifests.istio()),
                        GatewayApiObject.all(manifests.gatewayApi()),
                        view(manifests.services(), Map.of()),
                        manifests.pods().stream().map(Checked::workload).toList(),
                        manifests.mistakes())
                .plus(manifests.canaries(), manifests.metricTemplates())
                .with(new LonelyReleases(manifests.objects()));
    }

    private Checked with(LonelyReleases releases) {
        return new Checked(reports.stream().map(releases::with).toList(), mistakes);
    }

    private Checked plus(List<GenericKubernetesResource> canaries, List<GenericKubernetesResource> templates) {
        List<ObjectReport> more = new ArrayList<>(reports);
        canaries.forEach(canary -> more.add(CanaryCheck.canary(canary, USUAL_PROVIDER)));
        templates.forEach(template -> more.add(CanaryCheck.metricTemplate(template)));
        return new Checked(more, mistakes);
    }

    private static List<GenericKubernetesResource> flagger(KubernetesClient client, String kind) {
        return whereServed(() -> client.genericKubernetesResources("flagger.app/v1beta1", kind)
                .inAnyNamespace()
                .list()
                .getItems());
    }

    /** None in a cluster that does not have their kind. */
    private static <T> List<T> whereServed(Supplier<List<T>> objects) {
        try {
            return objects.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** Files seldom hold the IngressClass: then the usual name is taken at its word, and so are Ingresses that name none. */
    private static List<IngressClass> withUsualClass(List<IngressClass> found) {
        if (!found.isEmpty()) {
            return found;
        }
        return List.of(new IngressClassBuilder()
                .withNewMetadata()
                .withName("nginx")
                .endMetadata()
                .withNewSpec()
                .withController("k8s.io/ingress-nginx")
                .endSpec()
                .build());
    }

    static Checked cluster(KubernetesClient client) {
        List<String> webhooks =
                whereServed(() -> client.admissionRegistration()
                                .v1()
                                .validatingWebhookConfigurations()
                                .list()
                                .getItems())
                        .stream()
                        .map(webhook -> webhook.getMetadata().getName())
                        .toList();
        return of(
                        client.network()
                                .v1()
                                .ingresses()
                                .inAnyNamespace()
                                .list()
                                .getItems(),
                        client.network().v1().ingressClasses().list().getItems(),
                        client.configMaps().inAnyNamespace().list().getItems(),
                        webhooks,
                        IstioInCluster.objects(client),
                        GatewayApiInCluster.objects(client),
                        view(
                                client.services().inAnyNamespace().list().getItems(),
                                GatewayApiInCluster.namespaces(client)),
                        pods(client),
                        List.of())
                .plus(flagger(client, "Canary"), flagger(client, "MetricTemplate"));
    }

    private static Checked of(
            Collection<Ingress> ingresses,
            Collection<IngressClass> classes,
            Collection<ConfigMap> configMaps,
            Collection<String> webhooks,
            List<IstioObject> istio,
            List<GatewayApiObject> gatewayApi,
            ListedObjects view,
            List<Workload> pods,
            List<Mistake> mistakes) {
        Surroundings surroundings = Surroundings.of(configMaps);
        List<ObjectReport> reports = new ArrayList<>(IngressCheck.ingresses(
                ingresses, classes, ClassSettings.DEFAULT.watchIngressWithoutClass(), surroundings));
        reports.addAll(IstioCheck.objects(istio, GatewayApi.ofFiles(gatewayApi).routed(view), pods));
        reports.addAll(GatewayApiCheck.objects(gatewayApi, view));
        configMaps.stream()
                .map(Surroundings::ref)
                .filter(Surroundings::holdsOptions)
                .map(ref -> IngressCheck.options(ref, surroundings.configMaps()))
                .forEach(reports::add);
        webhooks.stream()
                .filter(IngressCheck::isLeftOver)
                .map(IngressCheck::leftOver)
                .forEach(reports::add);
        return new Checked(reports, mistakes);
    }

    /** None are known to whom the API does not show them. */
    private static List<Workload> pods(KubernetesClient client) {
        try {
            return client.pods().inAnyNamespace().list().getItems().stream()
                    .map(pod -> PodReading.of(pod).workload())
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }

    private static Workload workload(GenericKubernetesResource pod) {
        return new Workload(
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                Optional.ofNullable(pod.getMetadata().getLabels()).orElseGet(Map::of));
    }

    private static ListedObjects view(Collection<Service> services, Map<String, Map<String, String>> namespaces) {
        return new ListedObjects(ServiceReading.byName(services), namespaces);
    }

    long count(Standing standing) {
        return findings().filter(found -> found == standing).count();
    }

    private Stream<Standing> findings() {
        return reports.stream().flatMap(report -> report.findings().stream()).map(finding -> finding.standing());
    }

    /** Whether nothing is left to be told but what is obeyed. */
    boolean isObeyed() {
        return mistakes.isEmpty() && count(Standing.NOT_OBEYED) == 0;
    }
}
