package dev.linnet.apiserver.kinds;

import dev.linnet.apiserver.kinds.ResourceKind.NameRule;
import java.util.List;

/** Services, what is behind them, and what leads to them. */
final class NetworkKinds {
    private static final String GROUP = "networking.k8s.io";

    private NetworkKinds() {}

    static List<ResourceKind> all() {
        return List.of(service(), endpoints(), endpointSlice(), ingress(), ingressClass(), networkPolicy());
    }

    private static ResourceKind service() {
        return Kinds.kind("", "v1", "Service")
                .shortNames("svc")
                .categories("all")
                .status()
                .names(NameRule.LABEL_1035)
                .defaults(ServiceRules::applyDefaults)
                .validate(ServiceRules::check)
                .validateUpdate(ServiceRules::checkUpdate)
                .validateStatus(StatusRules::checkBalancer)
                .selectable("spec.clusterIP", "spec.type")
                .table(NetworkTables.services())
                .declare();
    }

    private static ResourceKind endpoints() {
        return Kinds.kind("", "v1", "Endpoints")
                .plural("endpoints")
                .shortNames("ep")
                .defaults(EndpointRules::applyEndpointsDefaults)
                .validate(EndpointRules::checkEndpoints)
                .table(NetworkTables.endpoints())
                .declare();
    }

    private static ResourceKind endpointSlice() {
        return Kinds.kind("discovery.k8s.io", "v1", "EndpointSlice")
                .generation()
                .defaults(EndpointRules::applySliceDefaults)
                .validate(EndpointRules::checkSlice)
                .validateUpdate(EndpointRules::checkSliceUpdate)
                .table(NetworkTables.endpointSlices())
                .declare();
    }

    private static ResourceKind ingress() {
        return Kinds.kind(GROUP, "v1", "Ingress")
                .plural("ingresses")
                .shortNames("ing")
                .status()
                .generation()
                .alsoServed(GROUP, "v1beta1", new IngressVersions(GROUP + "/v1beta1"))
                .alsoServed("extensions", "v1beta1", new IngressVersions("extensions/v1beta1"))
                .defaults(StatusDefaults::loadBalancer)
                .validate(IngressRules::check)
                .validateCreate(IngressRules::checkCreate)
                .validateStatus(StatusRules::checkBalancer)
                .table(NetworkTables.ingresses())
                .declare();
    }

    private static ResourceKind ingressClass() {
        return Kinds.kind(GROUP, "v1", "IngressClass")
                .plural("ingressclasses")
                .clusterScoped()
                .generation()
                .defaults(IngressRules::applyClassDefaults)
                .validate(IngressRules::checkClass)
                .validateUpdate(IngressRules::checkClassUpdate)
                .table(NetworkTables.ingressClasses())
                .declare();
    }

    private static ResourceKind networkPolicy() {
        return Kinds.kind(GROUP, "v1", "NetworkPolicy")
                .plural("networkpolicies")
                .shortNames("netpol")
                .generation()
                .defaults(CoreRules::applyPolicyDefaults)
                .table(Table.named()
                        .with(
                                "Pod-Selector",
                                "Labels of the pods it is about",
                                row -> Table.orNone(LabelSelectors.text(row.at("spec", "podSelector"))))
                        .age())
                .declare();
    }
}
