package dev.linnet.samples.openresty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration files that are mounted into a container.
 *
 * @param files mount path to the real file or folder
 */
record Mounts(Map<String, Path> files) {
    private static final String FOLDER = "/usr/local/openresty/nginx/conf";
    private static final String MAIN = FOLDER + "/nginx.conf";
    private static final String EXTRA = "/etc/nginx/conf.d";

    /** The main configuration; the image's own one includes {@code /etc/nginx/conf.d/*.conf}, so that folder is enough. */
    String main() throws IOException {
        Optional<Path> main = find(MAIN);
        if (main.isPresent()) {
            return Files.readString(main.get());
        }
        boolean extra = files.keySet().stream().anyMatch(path -> path.startsWith(EXTRA));
        if (extra) {
            return "http { include " + EXTRA + "/*.conf; }";
        }
        throw new IllegalArgumentException("no configuration is mounted (expected: a volume at " + MAIN + ")");
    }

    /** Contents of the files that an {@code include} names. A pattern may match none, as in nginx. */
    List<String> included(Directive include) throws IOException {
        String pattern = include.arg().startsWith("/") ? include.arg() : FOLDER + "/" + include.arg();
        int slash = pattern.lastIndexOf('/');
        String folder = pattern.substring(0, slash);
        String name = pattern.substring(slash + 1);
        List<String> texts = new ArrayList<>();
        if (!name.startsWith("*")) {
            Path file = find(pattern).orElseThrow(() -> include.refused("is " + pattern + ", which is not mounted"));
            return List.of(Files.readString(file));
        }
        for (Path file : inFolder(folder, name.substring(1))) {
            texts.add(Files.readString(file));
        }
        return texts;
    }

    private List<Path> inFolder(String folder, String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        files.keySet().stream()
                .filter(path -> path.startsWith(folder + "/") && path.endsWith(suffix))
                .sorted()
                .forEach(path -> find(path).ifPresent(found::add));
        Path real = files.get(folder);
        if (real != null && Files.isDirectory(real)) {
            try (Stream<Path> entries = Files.list(real)) {
                entries.filter(entry -> entry.getFileName().toString().endsWith(suffix) && Files.isRegularFile(entry))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    private Optional<Path> find(String path) {
        for (Map.Entry<String, Path> mount : files.entrySet()) {
            if (mount.getKey().equals(path) && Files.isRegularFile(mount.getValue())) {
                return Optional.of(mount.getValue());
            }
            String prefix = mount.getKey().endsWith("/") ? mount.getKey() : mount.getKey() + "/";
            if (path.startsWith(prefix)
                    && Files.isRegularFile(mount.getValue().resolve(path.substring(prefix.length())))) {
                return Optional.of(mount.getValue().resolve(path.substring(prefix.length())));
            }
        }
        return Optional.empty();
    }
}
