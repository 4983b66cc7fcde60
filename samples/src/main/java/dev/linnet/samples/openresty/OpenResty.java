package dev.linnet.samples.openresty;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Output;
import dev.linnet.samples.serving.Served;
import dev.linnet.samples.serving.SharedServer;
import dev.linnet.samples.serving.Site;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Serves what the mounted nginx.conf says: {@code listen}, {@code server_name}, {@code location} by prefix,
 * {@code return 200 "text"}, and {@code ngx.say("text")} in Lua. It has no text of its own, and a configuration that it could
 * not obey keeps it from starting.
 */
public final class OpenResty implements Sample {
    private final SharedServer server;

    public OpenResty(SharedServer server) {
        this.server = server;
    }

    @Override
    public String name() {
        return "openresty";
    }

    @Override
    public Running start(Setting setting) throws Exception {
        Mounts mounts = new Mounts(setting.files());
        List<VirtualServer> servers = NginxConfig.read(mounts.main(), mounts, setting.pod());
        SortedSet<Integer> ports = new TreeSet<>();
        servers.forEach(one -> ports.addAll(one.ports()));

        Output log = new Output(setting.log());
        Served served = server.join(setting, log);
        try {
            for (int port : ports) {
                served.listen(setting.realPort().applyAsInt(port), site(servers, port));
            }
        } catch (IOException e) {
            served.die(1);
            throw e;
        }
        log.line("listening on ports " + ports);
        return served.announcing(_ -> log.line("stopping"));
    }

    private static Site site(List<VirtualServer> all, int port) {
        List<VirtualServer> servers =
                all.stream().filter(one -> one.ports().contains(port)).toList();
        VirtualServer otherwise = servers.stream()
                .filter(one -> one.defaultFor().contains(port))
                .findFirst()
                .orElse(servers.getFirst());
        return call -> {
            VirtualServer best = otherwise;
            for (VirtualServer one : servers) {
                best = one.fit(call.host()) > best.fit(call.host()) ? one : best;
            }
            return best.answer(call);
        };
    }
}
