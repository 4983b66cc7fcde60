package dev.linnet.console.words;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Sentences that gateways and the controller say in English, where tools and people search for them, in another language. They come as text, of
 * Runs years old among it, so they are told by their form; one that nobody has put into the other language stays as it is.
 */
final class Phrases {
    static final Phrases NONE = new Phrases(List.of());

    private static final Pattern FACT = Pattern.compile("\\{(\\d)}");

    /** Sentences within sentences; deeper ones are not made. */
    private static final int DEEPEST = 3;

    private final List<Phrase> phrases;

    /** @param form what stands before, between and after the facts of the English sentence */
    private record Phrase(String english, List<String> form, String other) {

        /** The facts in a text that has this form: each as short as it can be, and none empty. No regular expressions: each text meets all phrases. */
        Optional<List<String>> facts(String text) {
            String first = form.getFirst();
            if (form.size() == 1) {
                return text.equals(first) ? Optional.of(List.of()) : Optional.empty();
            }
            List<String> facts = new ArrayList<>();
            int begin = text.startsWith(first) ? first.length() : text.length();
            for (String next : form.subList(1, form.size() - 1)) {
                int end = text.indexOf(next, begin + 1);
                if (end < 0) {
                    return Optional.empty();
                }
                facts.add(text.substring(begin, end));
                begin = end + next.length();
            }
            int end = text.length() - form.getLast().length();
            if (end <= begin || !text.endsWith(form.getLast())) {
                return Optional.empty();
            }
            facts.add(text.substring(begin, end));
            return Optional.of(facts);
        }
    }

    private Phrases(List<Phrase> phrases) {
        this.phrases = List.copyOf(phrases);
    }

    /** Those of a language. Its file has pairs of lines, English first; empty lines and those that begin with # say nothing. */
    static Phrases load(String tag) {
        String name = "said-" + tag + ".txt";
        try (InputStream in = Objects.requireNonNull(Phrases.class.getResourceAsStream(name), name)) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            List<Phrase> phrases = new ArrayList<>();
            for (int i = 0; i < lines.size(); i += 2) {
                phrases.add(new Phrase(lines.get(i), form(lines.get(i)), lines.get(i + 1)));
            }
            return new Phrases(phrases);
        } catch (IOException e) {
            throw new UncheckedIOException("the texts in " + name + " cannot be read", e);
        }
    }

    private static List<String> form(String english) {
        List<String> form = new ArrayList<>();
        int end = 0;
        for (Matcher fact = FACT.matcher(english); fact.find(); end = fact.end()) {
            form.add(english.substring(end, fact.start()));
        }
        form.add(english.substring(end));
        return form;
    }

    /** The English sentences with their holes, and what is made of them. */
    List<String[]> pairs() {
        return phrases.stream()
                .map(phrase -> new String[] {phrase.english, phrase.other})
                .toList();
    }

    /** What is said, in the language; as it is where nobody has translated it. */
    String say(String english) {
        return say(english, DEEPEST);
    }

    private String say(String english, int depth) {
        if (depth > 0) {
            for (Phrase phrase : phrases) {
                Optional<String> said = filled(phrase, english, depth);
                if (said.isPresent()) {
                    return said.get();
                }
            }
        }
        return english;
    }

    private Optional<String> filled(Phrase phrase, String english, int depth) {
        return phrase.facts(english).map(facts -> {
            StringBuilder text = new StringBuilder();
            int end = 0;
            for (Matcher fact = FACT.matcher(phrase.other); fact.find(); end = fact.end()) {
                text.append(phrase.other, end, fact.start());
                text.append(say(facts.get(Integer.parseInt(fact.group(1))), depth - 1));
            }
            return text.append(phrase.other, end, phrase.other.length()).toString();
        });
    }
}
