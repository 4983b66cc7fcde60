package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.Catalogue.Entry;
import dev.linnet.manifests.ingress.Catalogue.Status;
import java.util.Optional;

/**
 * What becomes of each annotation that ingress-nginx or Linnet knows (spec of ingress-nginx, §4). The one place that says so is
 * {@code annotations.txt}; Events and {@code linnet check} repeat it.
 */
public final class AnnotationCatalogue {
    private static final String OURS = "linnet.dev/";
    /** What very old controllers read. */
    private static final String ANCIENT = "ingress.kubernetes.io/";

    private static final Catalogue CATALOGUE = Catalogue.of("annotations.txt");

    private AnnotationCatalogue() {}

    /**
     * What becomes of an annotation.
     *
     * @param key    with its prefix
     * @param canary whether the Ingress is a canary
     */
    public static Judgement judge(String key, String value, boolean canary) {
        boolean ofIngressNginx = key.startsWith(Annotations.PREFIX);
        String name = ofIngressNginx ? key.substring(Annotations.PREFIX.length()) : key;
        Optional<Entry> entry = ofIngressNginx || key.contains("/") ? CATALOGUE.find(name) : Optional.empty();
        if (entry.isPresent()) {
            return judge(entry.get(), value.strip(), canary);
        }
        if (ofIngressNginx || key.startsWith(OURS)) {
            return Judgement.unknown(CATALOGUE.similar(name));
        }
        return key.startsWith(ANCIENT) ? ancient(key.substring(ANCIENT.length())) : Judgement.FOREIGN;
    }

    /** As in ingress-nginx, what is said about a route holds for both versions, and the primary says it (spec, §2.8). */
    private static Judgement judge(Entry entry, String value, boolean canary) {
        if (canary && !entry.canary() && entry.status() != Status.GONE) {
            return Judgement.notObeyed("has no effect on a canary (expected: on the Ingress that it belongs to,"
                    + " whose settings hold for both versions)");
        }
        Judgement judgement = Judgement.of(entry, value);
        return entry.name().endsWith("-snippet") ? SnippetAdvice.with(judgement, value) : judgement;
    }

    /** Not even today's ingress-nginx reads these: whoever wrote one means its successor. */
    private static Judgement ancient(String name) {
        String expected = CATALOGUE.find(name).isPresent() ? " (expected: " + Annotations.PREFIX + name + ")" : "";
        return Judgement.notObeyed("is read by no ingress-nginx of today, and does nothing" + expected);
    }
}
