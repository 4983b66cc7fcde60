package dev.linnet.manifests.ingress;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of what ingress-nginx knows and what becomes of it here: one line of a text file each, so that branches merge. */
final class Catalogue {
    private static final Pattern LINE = Pattern.compile(
            "(?<name>\\S+) (?<status>[a-z]+)(?<canary> @canary)?( \\[(?<anyway>.*?)])?( (?<words>.+))?");

    private final Map<String, Entry> entries = new TreeMap<>();

    /** How far something is obeyed. */
    enum Status {
        OBEYED,
        DIFFERS,
        NOT,
        NEVER,
        GONE
    }

    /**
     * One line.
     *
     * @param canary whether it counts on a canary Ingress itself
     * @param anyway values that ask for nothing but what is done in any case
     * @param words  what is different, what happens instead, or what helps; empty if nothing is to be said
     */
    record Entry(String name, Status status, boolean canary, Set<String> anyway, String words) {}

    private Catalogue(String file) {
        try (InputStream in = Catalogue.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the program");
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Catalogue::entry)
                    .forEach(entry -> entries.put(entry.name, entry));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    static Catalogue of(String file) {
        return new Catalogue(file);
    }

    static Entry entry(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalStateException("a catalogue has the line: " + line);
        }
        return new Entry(
                parts.group("name"),
                Status.valueOf(parts.group("status").toUpperCase(java.util.Locale.ROOT)),
                parts.group("canary") != null,
                Optional.ofNullable(parts.group("anyway"))
                        .map(values -> Set.of(values.split("\\|")))
                        .orElse(Set.of()),
                Optional.ofNullable(parts.group("words")).orElse(""));
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** Names that a hasty hand may have meant. */
    List<String> similar(String name) {
        return entries.keySet().stream()
                .filter(known -> distance(known, name) <= 2)
                .toList();
    }

    /** Fewest letters to insert, delete or replace (Levenshtein). */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
