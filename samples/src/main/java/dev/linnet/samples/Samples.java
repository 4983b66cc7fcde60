package dev.linnet.samples;

import dev.linnet.samples.mesh.Backend;
import dev.linnet.samples.mesh.Frontend;
import dev.linnet.samples.openresty.OpenResty;
import dev.linnet.samples.plain.MyApp;
import dev.linnet.samples.plain.Nginx;
import dev.linnet.samples.podinfo.Podinfo;
import dev.linnet.samples.serving.SharedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** All samples, and the manifests that deploy them. */
public final class Samples {
    private static final List<String> MANIFESTS =
            List.of("podinfo", "myapp", "nginx", "openresty", "mesh", "loadtester");

    private Samples() {}

    /**
     * New samples. All instances that they start share one HTTP server, which runs while any of them does; so call this once
     * in a program.
     */
    public static List<Sample> all() {
        SharedServer server = new SharedServer();
        return List.of(
                new Podinfo(server),
                new MyApp(server),
                new OpenResty(server),
                new Nginx(server, "old-nginx", "old"),
                new Nginx(server, "new-nginx", "new"),
                new Frontend(server),
                new Backend(server));
    }

    /** The manifests of one of {@link #manifestNames}, as YAML; empty for any other name. */
    public static Optional<String> manifests(String name) {
        return MANIFESTS.contains(name) ? Optional.of(read(name)) : Optional.empty();
    }

    /** Names of manifests, each with what it deploys in one line. */
    public static SequencedMap<String, String> manifestNames() {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        for (String name : MANIFESTS) {
            String firstLine = read(name).lines().findFirst().orElseThrow();
            names.put(name, firstLine.substring("# ".length()));
        }
        return Collections.unmodifiableSequencedMap(names);
    }

    private static String read(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + ".yaml is missing from the samples' jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
