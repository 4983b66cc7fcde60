package dev.linnet.manifests.ingress;

/** What becomes of each key of the controller's ConfigMap (spec of ingress-nginx, Appendix C). {@code options.txt} says so. */
public final class OptionCatalogue {
    private static final Catalogue CATALOGUE = Catalogue.of("options.txt");

    private OptionCatalogue() {}

    public static Judgement judge(String key, String value) {
        return CATALOGUE
                .find(key)
                .map(entry -> Judgement.of(entry, value.strip()))
                .orElseGet(() -> Judgement.unknown(CATALOGUE.similar(key)));
    }
}
