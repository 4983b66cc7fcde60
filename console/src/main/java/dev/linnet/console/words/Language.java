package dev.linnet.console.words;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The languages that pages are written in. */
public enum Language {
    ENGLISH("en", "English"),
    CHINESE("zh", "中文");

    private final String tag;
    private final String ownName;

    Language(String tag, String ownName) {
        this.tag = tag;
        this.ownName = ownName;
    }

    /** As HTML and HTTP write it. */
    public String tag() {
        return tag;
    }

    /** As its readers call it. */
    public String ownName() {
        return ownName;
    }

    Locale locale() {
        return Locale.forLanguageTag(tag);
    }

    public static Optional<Language> named(String tag) {
        return Arrays.stream(values())
                .filter(language -> language.tag.equals(tag))
                .findFirst();
    }

    /** The one that a browser likes best (RFC 9110 §12.5.4); English if it likes none of them, or says nonsense. */
    public static Language preferred(String acceptLanguage) {
        try {
            List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse(acceptLanguage);
            String tag = Locale.lookupTag(
                    ranges, Arrays.stream(values()).map(Language::tag).toList());
            return named(Objects.requireNonNullElse(tag, "")).orElse(ENGLISH);
        } catch (IllegalArgumentException _) {
            return ENGLISH;
        }
    }
}
