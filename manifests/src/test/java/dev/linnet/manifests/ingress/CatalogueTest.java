package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ingress.Catalogue.Entry;
import dev.linnet.manifests.ingress.Catalogue.Status;
import dev.linnet.manifests.ingress.Judgement.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogueTest {
    private static final Path FOLDER = Path.of("src/main/resources/dev/linnet/manifests/ingress");

    private static List<Entry> entries(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Catalogue::entry)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"annotations.txt", "options.txt"})
    void hasOneLineForEachNameInAlphabeticalOrder(String file) throws IOException {
        assertThat(entries(file)).extracting(Entry::name).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"annotations.txt", "options.txt"})
    void saysWhatIsDifferentWhereverSomethingIs(String file) throws IOException {
        assertThat(entries(file))
                .filteredOn(entry -> entry.status() == Status.DIFFERS || entry.status() == Status.NEVER)
                .extracting(Entry::words)
                .allSatisfy(words -> assertThat(words).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource({
        "nginx.ingress.kubernetes.io/canary-weight, 10, OBEYED",
        "nginx.ingress.kubernetes.io/canary-by-header-pattern, a.*, DIFFERS",
        "nginx.ingress.kubernetes.io/enable-modsecurity, false, OBEYED",
        "nginx.ingress.kubernetes.io/enable-modsecurity, true, NOT_OBEYED",
        "nginx.ingress.kubernetes.io/secure-backends, true, GONE",
        "nginx.ingress.kubernetes.io/never-heard-of, true, NOT_OBEYED",
        "ingress.kubernetes.io/rewrite-target, /, NOT_OBEYED",
        "kubernetes.io/ingress.class, nginx, OBEYED",
        "cert-manager.io/cluster-issuer, x, FOREIGN",
        "canary, true, FOREIGN",
    })
    void judgesByNameAndValue(String key, String value, Standing standing) {
        assertThat(AnnotationCatalogue.judge(key, value, key.contains("/canary"))
                        .standing())
                .isEqualTo(standing);
    }

    @Test
    void namesTheAnnotationThatAnAncientOneWants() {
        assertThat(AnnotationCatalogue.judge("ingress.kubernetes.io/rewrite-target", "/", false)
                        .words())
                .endsWith("does nothing (expected: nginx.ingress.kubernetes.io/rewrite-target)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "more_set_headers \"X-Frame-Options: DENY\"; | custom-headers",
                "if ($host = a) { return 301 https://b$request_uri; } | permanent-redirect",
                "rewrite ^/a/(.*)$ /$1 break; | rewrite-target",
                "deny 10.0.0.0/8; | denylist-source-range",
                "proxy_set_header X-Tenant blue; | proxy-set-headers",
                "client_max_body_size 8m; | proxy-body-size",
            })
    void namesTheSafeEquivalentOfASnippet(String snippet, String instead) {
        Judgement judgement =
                AnnotationCatalogue.judge("nginx.ingress.kubernetes.io/configuration-snippet", snippet, false);

        assertThat(judgement.standing()).isEqualTo(Standing.NOT_OBEYED);
        assertThat(judgement.words()).contains("never executed (expected: ").contains(instead);
    }

    @Test
    void knowsTheKeysOfTheConfigMap() {
        assertThat(OptionCatalogue.judge("worker-processes", "4").standing()).isEqualTo(Standing.NOT_OBEYED);
        assertThat(OptionCatalogue.judge("proxy-bodysize", "8m").words()).endsWith("(expected: proxy-body-size)");
    }
}
