package dev.linnet.gateway;

import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.ConfigMaps;
import dev.linnet.manifests.ingress.GlobalOptions;
import dev.linnet.manifests.ingress.GlobalOptionsReader;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.manifests.ingress.Surroundings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ingresses of namespace {@code default} as their authors write them, for tests of what annotations do. */
final class Ingresses {
    static final String NGINX = "nginx.ingress.kubernetes.io/";

    private Ingresses() {}

    static ServiceRef service(String name) {
        return new ServiceRef("default", name, "80");
    }

    /** @param annotations names and values by turns; a name without a prefix gets ingress-nginx's */
    static Ingress ingress(String name, String host, String path, String service, String... annotations) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            String key = annotations[i].contains("/") ? annotations[i] : NGINX + annotations[i];
            all.put(key, annotations[i + 1]);
        }
        return new IngressBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withAnnotations(all)
                .endMetadata()
                .withNewSpec()
                .addNewRule()
                .withHost(host.isEmpty() ? null : host)
                .withNewHttp()
                .addNewPath()
                .withPath(path)
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(service)
                .withNewPort()
                .withNumber(80)
                .endPort()
                .endService()
                .endBackend()
                .endPath()
                .endHttp()
                .endRule()
                .endSpec()
                .build();
    }

    static Rule[] rules(Ingress... ingresses) {
        return translate(ingresses).rules().toArray(Rule[]::new);
    }

    /** @param options of the ConfigMap */
    static Rule[] rulesWith(Map<String, String> options, Ingress... ingresses) {
        GlobalOptionsReader.Reading reading =
                GlobalOptionsReader.read(new ObjectRef("ConfigMap", "ops", "options"), options, ConfigMaps.NONE);
        return translate(reading.options(), ingresses).rules().toArray(Rule[]::new);
    }

    static List<Problem> problems(Ingress... ingresses) {
        return translate(ingresses).problems();
    }

    private static Translation translate(Ingress... ingresses) {
        return translate(GlobalOptions.DEFAULT, ingresses);
    }

    private static Translation translate(GlobalOptions options, Ingress... ingresses) {
        return IngressTranslator.translate(
                List.of(ingresses),
                List.of(),
                ClassSettings.DEFAULT.watchIngressWithoutClass(),
                new Surroundings(options, ConfigMaps.NONE));
    }
}
