package dev.linnet.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The proxies of the comparison: how each is started on one core, and on which ports it listens. */
final class Proxies {
    static final String LINNET = "linnet";
    static final String LOGGING = "linnet + log";
    static final String NGINX = "nginx";
    static final String LUA = "nginx + Lua";
    static final String HAPROXY = "haproxy";
    static final String FLOOR = "C floor";
    static final String DIRECT = "direct";

    /** Where the backend's first version answers. */
    static final int BACKEND_PORT = 18_081;

    private static final int FIRST_PORT = 18_100;
    private static final int FIRST_TLS_PORT = 18_200;
    private static final Path LUA_MODULE = Path.of("/usr/lib/nginx/modules/ngx_http_lua_module.so");

    private final Path folder;
    private final List<Proxy> all = new ArrayList<>();

    /** A proxy as a command line; without one it is the backend itself. */
    record Proxy(String name, int port, int tlsPort, List<String> command) {}

    Proxies(Path folder) {
        this.folder = folder;
    }

    List<Proxy> all() throws IOException, InterruptedException {
        Certificate.write(folder);
        add(LINNET, linnet("off"));
        add(LOGGING, linnet("nginx"));
        if (Commands.there("nginx")) {
            add(NGINX, nginx("nginx.conf"));
        }
        if (Commands.there("nginx") && Files.exists(LUA_MODULE)) {
            add(LUA, nginx("nginx-lua.conf"));
        }
        if (Commands.there("haproxy")) {
            add(HAPROXY, List.of("haproxy", "-f", config("haproxy.cfg")));
        }
        add(FLOOR, List.of(folder.resolve("floor").toString(), Integer.toString(port()), "1"));
        all.add(new Proxy(DIRECT, BACKEND_PORT, 0, List.of()));
        return List.copyOf(all);
    }

    private List<String> linnet(String log) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx256m",
                "-Dio.netty.leakDetection.level=disabled",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.linnet.benchmarks.StaticGateway",
                Integer.toString(port()),
                Integer.toString(tlsPort()),
                folder.toString(),
                log);
    }

    private List<String> nginx(String config) throws IOException {
        return List.of("nginx", "-c", config(config), "-p", folder.toString());
    }

    private void add(String name, List<String> command) {
        all.add(new Proxy(name, port(), tlsPort(), command));
    }

    private int port() {
        return FIRST_PORT + all.size();
    }

    private int tlsPort() {
        return FIRST_TLS_PORT + all.size();
    }

    private String config(String name) throws IOException {
        try (InputStream in = Proxies.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${port}", Integer.toString(port()))
                    .replace("${tlsPort}", Integer.toString(tlsPort()))
                    .replace("${dir}", folder.toString());
            return Files.writeString(folder.resolve(name), text).toString();
        }
    }
}
