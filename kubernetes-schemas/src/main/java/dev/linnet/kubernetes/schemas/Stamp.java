package dev.linnet.kubernetes.schemas;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A digest of all that the output depends on, so that an unchanged module is not generated again. */
record Stamp(String digest) {

    static Stamp of(Path tables, Path classes, String classPath) throws IOException {
        MessageDigest digest = GenerateSchemas.sha256();
        for (Path input :
                Stream.concat(files(tables, ""), files(classes, ".class")).toList()) {
            digest.update(Files.readAllBytes(input));
        }
        for (String entry : List.of(classPath.split(File.pathSeparator, -1))) {
            // Released jars: their names carry their versions.
            digest.update(Path.of(entry).getFileName().toString().getBytes(StandardCharsets.UTF_8));
        }
        return new Stamp(HexFormat.of().formatHex(digest.digest()));
    }

    boolean isIn(Path file) throws IOException {
        return Files.exists(file) && Files.readString(file).equals(digest);
    }

    void writeTo(Path file) throws IOException {
        Files.writeString(file, digest);
    }

    private static Stream<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
