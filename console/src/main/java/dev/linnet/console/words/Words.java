package dev.linnet.console.words;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** All that pages say, in one language. A text that is missing is our bug, and loud. */
public final class Words {
    private static final Map<Language, Words> ALL = new EnumMap<>(Language.class);

    static {
        for (Language language : Language.values()) {
            ALL.put(language, new Words(language, load(language.tag())));
        }
    }

    private final Language language;
    private final Map<String, String> texts;
    private final Phrases phrases;

    private Words(Language language, Map<String, String> texts) {
        this.language = language;
        this.texts = Map.copyOf(texts);
        this.phrases = language == Language.ENGLISH ? Phrases.NONE : Phrases.load(language.tag());
    }

    private static Map<String, String> load(String tag) {
        try (InputStream in = Words.class.getResourceAsStream(tag + ".properties")) {
            Properties read = new Properties();
            read.load(new InputStreamReader(Objects.requireNonNull(in, tag), StandardCharsets.UTF_8));
            Map<String, String> texts = new HashMap<>();
            read.stringPropertyNames().forEach(key -> texts.put(key, read.getProperty(key)));
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException("the texts in " + tag + " cannot be read", e);
        }
    }

    public static Words in(Language language) {
        return Objects.requireNonNull(ALL.get(language));
    }

    public Language language() {
        return language;
    }

    Map<String, String> texts() {
        return texts;
    }

    /**
     * A text.
     *
     * @param facts take the places of <code>{0}</code>, <code>{1}</code> and so on
     */
    public String say(String key, Object... facts) {
        String text = texts.get(key);
        if (text == null) {
            throw new IllegalArgumentException("there is no text " + key + " in " + language);
        }
        for (int i = 0; i < facts.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(facts[i]));
        }
        return text;
    }

    /** What a gateway or the controller says in English; as it is where nobody has put it into this language. */
    public String told(String english) {
        return phrases.say(english);
    }

    /** A moment, to the second, in the server's time zone. */
    public String time(Instant at) {
        return at.equals(Instant.EPOCH)
                ? "–"
                : DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", language.locale())
                        .withZone(ZoneId.systemDefault())
                        .format(at);
    }
}
