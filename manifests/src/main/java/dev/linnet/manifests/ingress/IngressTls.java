package dev.linnet.manifests.ingress;

import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one Ingress says about TLS.
 *
 * @param sections {@code spec.tls}, in its order
 * @param clients  whom its hosts let in
 */
public record IngressTls(List<Section> sections, Optional<ClientAuth> clients) {
    static final IngressTls NONE = new IngressTls(List.of(), Optional.empty());

    public IngressTls {
        sections = List.copyOf(sections);
    }

    /** @param secret empty for the default certificate */
    public record Section(Set<String> hosts, Optional<SecretRef> secret) {
        public Section {
            hosts = Set.copyOf(hosts);
        }
    }

    static IngressTls read(Ingress ingress, Annotations annotations) {
        String namespace = annotations.object().namespace();
        List<Section> sections = Optional.ofNullable(ingress.getSpec()).map(IngressSpec::getTls).stream()
                .flatMap(List::stream)
                .map(tls -> new Section(
                        Optional.ofNullable(tls.getHosts()).stream()
                                .flatMap(List::stream)
                                .map(host -> host.toLowerCase(Locale.ROOT))
                                .collect(Collectors.toSet()),
                        Optional.ofNullable(tls.getSecretName())
                                .filter(name -> !name.isEmpty())
                                .map(name -> new SecretRef(namespace, name))))
                .toList();
        return new IngressTls(sections, ClientAuthAnnotations.read(annotations));
    }

    /** All Secrets that serving needs. */
    Stream<SecretRef> secrets() {
        return Stream.concat(
                sections.stream().flatMap(section -> section.secret().stream()),
                clients.stream().flatMap(auth -> switch (auth) {
                    case ClientAuth.Asked asked -> asked.authorities().secrets();
                    case ClientAuth.Broken _ -> Stream.empty();
                }));
    }

    /** Whether any section names the host; without one, the sections are tried in turn. */
    HostTls.Certificates of(String host, ObjectRef source) {
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).hosts().contains(host)) {
                List<SecretRef> own = sections.get(i).secret().stream().toList();
                return new HostTls.Certificates(own, true, source, "spec.tls[" + i + "]");
            }
        }
        List<SecretRef> all = sections.stream()
                .flatMap(section -> section.secret().stream())
                .distinct()
                .toList();
        return new HostTls.Certificates(all, false, source, "spec.tls");
    }
}
