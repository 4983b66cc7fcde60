package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.ingress.Catalogue.Status;
import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The catalogues say that a name is obeyed if, and only if, somebody reads it. */
final class CatalogueTruthTest {
    private static final Path FOLDER = Path.of("src/main/resources/dev/linnet/manifests/ingress");

    private static final GlobalOptions OPTIONS = GlobalOptionsReader.read(
                    new ObjectRef("ConfigMap", "ops", "options"),
                    Map.of("global-auth-url", "http://auth.example.com/"),
                    ConfigMaps.NONE)
            .options();

    /** What is done in any case; the catalogue says only how it differs. */
    private static final Set<String> UNREAD = Set.of(
            "proxy-buffer-size",
            "proxy-buffering",
            "proxy-buffers-number",
            "proxy-busy-buffers-size",
            "proxy-max-temp-file-size");

    /** Says what it is asked for. */
    private static final class Listening extends AbstractMap<String, String> {
        private final Map<String, String> content;
        private final Set<String> asked;

        Listening(Map<String, String> content, Set<String> asked) {
            this.content = content;
            this.asked = asked;
        }

        @Override
        public @Nullable String get(Object key) {
            asked.add(key.toString());
            return content.get(key);
        }

        @Override
        public boolean containsKey(Object key) {
            asked.add(key.toString());
            return content.containsKey(key);
        }

        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            return content.entrySet();
        }
    }

    private static Set<String> obeyed(String file) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            if (line.startsWith("#")) {
                continue;
            }
            Catalogue.Entry entry = Catalogue.entry(line);
            if (entry.status() == Status.OBEYED || entry.status() == Status.DIFFERS) {
                names.add(entry.name());
            }
        }
        names.removeAll(UNREAD);
        return names;
    }

    @Test
    void whatIsSaidOfOptionsIsWhatIsRead() throws IOException {
        Set<String> asked = new TreeSet<>();

        GlobalOptionsReader.read(
                new ObjectRef("ConfigMap", "ops", "options"),
                new Listening(Map.of("global-auth-url", "http://auth.example.com/"), asked),
                ConfigMaps.NONE);

        assertThat(asked).containsExactlyInAnyOrderElementsOf(obeyed("options.txt"));
    }

    /** Some are only read where others say something. */
    @Test
    void whatIsSaidOfAnnotationsIsWhatIsRead() throws IOException {
        Set<String> asked = new HashSet<>();
        readIngress(
                Map.ofEntries(
                        Map.entry("affinity", "cookie"),
                        Map.entry("auth-cache-key", "$http_authorization"),
                        Map.entry("auth-secret", "users"),
                        Map.entry("auth-tls-secret", "shop/ca"),
                        Map.entry("auth-type", "basic"),
                        Map.entry("auth-url", "http://auth.example.com/"),
                        Map.entry("backend-protocol", "HTTPS"),
                        Map.entry("custom-headers", "shop/headers"),
                        Map.entry("custom-http-errors", "503"),
                        Map.entry("enable-cors", "true"),
                        Map.entry("from-to-www-redirect", "true"),
                        Map.entry("limit-rps", "1"),
                        Map.entry("permanent-redirect", "http://example.com/"),
                        Map.entry("proxy-ssl-secret", "shop/ca"),
                        Map.entry("rewrite-target", "/"),
                        Map.entry("upstream-hash-by", "$uri"),
                        Map.entry("upstream-hash-by-subset", "true")),
                asked);
        readIngress(Map.of("temporal-redirect", "http://example.com/"), asked);
        readIngress(Map.of("canary", "true", "canary-by-header", "X", "canary-by-cookie", "c"), asked);
        ServiceReading.of(service(asked));
        asked.remove(Takeover.OPT_IN); // no Ingress says it

        Set<String> names = new TreeSet<>();
        asked.forEach(key ->
                names.add(key.startsWith(Annotations.PREFIX) ? key.substring(Annotations.PREFIX.length()) : key));
        assertThat(names).containsExactlyInAnyOrderElementsOf(obeyed("annotations.txt"));
    }

    private static void readIngress(Map<String, String> annotations, Set<String> asked) {
        Map<String, String> all = new HashMap<>();
        annotations.forEach((name, value) -> all.put(Annotations.PREFIX + name, value));
        Ingress ingress = new IngressBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withNamespace("shop")
                        .withName("web")
                        .build())
                .withNewSpec()
                .endSpec()
                .build();
        ingress.getMetadata().setAnnotations(new Listening(all, asked));
        ClassSettings.DEFAULT.decide(ingress, Map.of());
        IngressReader.read(ingress, OPTIONS, ConfigMaps.NONE);
    }

    private static Service service(Set<String> asked) {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        service.getMetadata().setAnnotations(new Listening(Map.of(), asked));
        return service;
    }
}
