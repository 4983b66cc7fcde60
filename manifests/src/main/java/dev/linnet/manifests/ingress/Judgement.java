package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.Catalogue.Entry;
import java.util.List;

/**
 * What becomes of one annotation or option.
 *
 * @param words what is to be said of it, as the rest of a sentence that begins with its name; empty if it is simply obeyed
 */
public record Judgement(Standing standing, String words) {
    /** It does what it does in ingress-nginx. */
    static final Judgement OBEYED = new Judgement(Standing.OBEYED, "");

    /** It is none of ours. */
    static final Judgement FOREIGN = new Judgement(Standing.FOREIGN, "");

    /** How far something is obeyed. */
    public enum Standing {
        OBEYED,
        /** Obeyed with a difference that its author should know. */
        DIFFERS,
        NOT_OBEYED,
        /** Not even ingress-nginx obeys it any more. */
        GONE,
        /** For other programs than an ingress controller. */
        FOREIGN
    }

    static Judgement notObeyed(String words) {
        return new Judgement(Standing.NOT_OBEYED, words);
    }

    /** What the catalogue says of a value. */
    static Judgement of(Entry entry, String value) {
        if (entry.anyway().contains(value)) {
            return OBEYED;
        }
        return switch (entry.status()) {
            case OBEYED -> OBEYED;
            case DIFFERS -> new Judgement(Standing.DIFFERS, entry.words());
            case NOT -> notObeyed("is not obeyed yet" + colon(entry.words()));
            case NEVER -> notObeyed("is not obeyed" + colon(entry.words()));
            case GONE -> new Judgement(Standing.GONE, entry.words());
        };
    }

    static Judgement unknown(List<String> similar) {
        return notObeyed("is unknown and does nothing"
                + (similar.isEmpty() ? "" : " (expected: " + String.join(" or ", similar) + ")"));
    }

    private static String colon(String words) {
        return words.isEmpty() ? "" : ": " + words;
    }
}
