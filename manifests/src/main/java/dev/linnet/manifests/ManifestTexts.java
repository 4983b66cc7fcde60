package dev.linnet.manifests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What stands in some manifest files, unread.
 *
 * @param texts    in the order of the files
 * @param mistakes what is no file, or no text
 */
public record ManifestTexts(List<Text> texts, List<Mistake> mistakes) {
    /** Means standard input, as for {@code kubectl}. */
    public static final Path STANDARD_INPUT = Path.of("-");

    public ManifestTexts {
        texts = List.copyOf(texts);
        mistakes = List.copyOf(mistakes);
    }

    /**
     * What stands in one file.
     *
     * @param file how mistakes call it
     */
    public record Text(String file, String content) {}

    /**
     * Files, of directories each {@code .yaml}, {@code .yml} and {@code .json} in alphabetical order, and {@link #STANDARD_INPUT}.
     *
     * @param standardInput read to its end where it is named
     */
    public static ManifestTexts read(Collection<Path> paths, InputStream standardInput) {
        List<Text> texts = new ArrayList<>();
        List<Mistake> mistakes = new ArrayList<>();
        for (Path path : paths) {
            if (path.equals(STANDARD_INPUT)) {
                add("standard input", standardInput::readAllBytes, texts, mistakes);
                continue;
            }
            for (Path file : files(path, mistakes)) {
                if (Files.exists(file)) {
                    add(file.toString(), () -> Files.readAllBytes(file), texts, mistakes);
                } else {
                    mistakes.add(new Mistake(file.toString(), 0, 0, "does not exist"));
                }
            }
        }
        return new ManifestTexts(texts, mistakes);
    }

    @FunctionalInterface
    private interface Bytes {
        byte[] read() throws IOException;
    }

    private static void add(String file, Bytes bytes, List<Text> texts, List<Mistake> mistakes) {
        try {
            texts.add(new Text(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes.read()))
                            .toString()));
        } catch (CharacterCodingException _) {
            mistakes.add(new Mistake(file, 0, 0, "is no text (expected: YAML in UTF-8)"));
        } catch (IOException e) {
            mistakes.add(new Mistake(file, 0, 0, "cannot be read: " + e));
        }
    }

    private static List<Path> files(Path path, List<Mistake> mistakes) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> files = entries.filter(entry -> entry.toString().matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                mistakes.add(new Mistake(path.toString(), 0, 0, "holds no manifests (expected: .yaml, .yml or .json)"));
            }
            return files;
        } catch (IOException e) {
            mistakes.add(new Mistake(path.toString(), 0, 0, "cannot be read: " + e));
            return List.of();
        }
    }
}
