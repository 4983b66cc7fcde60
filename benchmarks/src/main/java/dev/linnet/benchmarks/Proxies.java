package dev.linnet.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The proxies of the comparison: how each is started on one core, and on which ports it listens. */
final class Proxies {
    static final String LINNET = "linnet";
    static final String LOGGING = "linnet + log";
    static final String LUA = "nginx + Lua";
    static final String FLOOR = "C floor";
    static final String DIRECT = "direct";

    /** Where the backend's first version answers. */
    static final int BACKEND_PORT = 18_081;

    private static final int FIRST_PORT = 18_100;
    private static final int FIRST_TLS_PORT = 18_200;
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+");
    private static final Path LUA_MODULE = Path.of("/usr/lib/nginx/modules/ngx_http_lua_module.so");

    private final Path folder;
    private final List<String> nginx;
    private final List<String> haproxy;
    private final List<Proxy> all = new ArrayList<>();

    /** A proxy as a command line; without one it is the backend itself. */
    record Proxy(String name, int port, int tlsPort, List<String> command) {
        /** Whether it is as fast from its first request on as it will ever be, unlike ours. */
        boolean compiledAhead() {
            return !name.startsWith(LINNET);
        }
    }

    /**
     * @param nginx   programs to compare with, beside the one that is installed
     * @param haproxy likewise
     */
    Proxies(Path folder, List<String> nginx, List<String> haproxy) {
        this.folder = folder;
        this.nginx = withInstalled("nginx", nginx);
        this.haproxy = withInstalled("haproxy", haproxy);
    }

    private static List<String> withInstalled(String program, List<String> others) {
        List<String> programs = new ArrayList<>(Commands.find(program).stream().toList());
        programs.addAll(others);
        return programs;
    }

    List<Proxy> all() throws IOException, InterruptedException {
        Certificate.write(folder);
        add(LINNET, linnet("off"));
        add(LOGGING, linnet("nginx"));
        for (String program : nginx) {
            add("nginx " + version(program), nginx(program, "nginx.conf"));
        }
        Optional<String> installed = Commands.find("nginx");
        if (installed.isPresent() && Files.exists(LUA_MODULE)) {
            add(LUA, nginx(installed.get(), "nginx-lua.conf"));
        }
        for (String program : haproxy) {
            add("haproxy " + version(program), List.of(program, "-f", config("haproxy.cfg")));
        }
        add(FLOOR, List.of(folder.resolve("floor").toString(), Integer.toString(port()), "1"));
        all.add(new Proxy(DIRECT, BACKEND_PORT, 0, List.of()));
        return List.copyOf(all);
    }

    /** Which version a program says it is. */
    private static String version(String program) throws IOException, InterruptedException {
        String said = Commands.run(Duration.ofSeconds(10), program, "-v");
        Matcher number = VERSION.matcher(said);
        if (!number.find()) {
            throw new IOException(program + " -v says no version: " + said);
        }
        return number.group();
    }

    private List<String> linnet(String log) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+UseTransparentHugePages",
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

    private List<String> nginx(String program, String config) throws IOException {
        return List.of(program, "-c", config(config), "-p", ownFolder().toString());
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

    /** Two of a kind must not share their files. */
    private Path ownFolder() throws IOException {
        return Files.createDirectories(folder.resolve(Integer.toString(port())));
    }

    private String config(String name) throws IOException {
        try (InputStream in = Proxies.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${port}", Integer.toString(port()))
                    .replace("${tlsPort}", Integer.toString(tlsPort()))
                    .replace("${own}", ownFolder().toString())
                    .replace("${dir}", folder.toString());
            return Files.writeString(ownFolder().resolve(name), text).toString();
        }
    }
}
