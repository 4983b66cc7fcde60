package dev.linnet.console;

import dev.linnet.console.access.Sessions;
import dev.linnet.console.access.TokenLogin;
import dev.linnet.console.cluster.Releases;
import dev.linnet.console.oidc.OidcLogin;
import dev.linnet.console.traffic.Gateways;
import dev.linnet.console.traffic.Readings;
import dev.linnet.console.web.Entrances;
import dev.linnet.console.web.WebServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** A running console. */
public final class Console implements AutoCloseable {
    private final Releases releases;
    private final Gateways gateways;
    private final Readings readings;
    private final Sessions sessions;
    private final Optional<OidcLogin> oidc;
    private final WebServer web;

    private Console(KubernetesClient client, ConsoleSettings settings, ServerSocketChannel socket) throws IOException {
        this.releases = new Releases(client, settings.usualProvider());
        this.gateways = new Gateways(client, settings.gateways(), settings.clock());
        this.readings = new Readings(gateways, releases::all, settings.clock());
        this.sessions = new Sessions(settings.clock());
        this.oidc = settings.oidc().map(provider -> new OidcLogin(provider, settings.clock()));
        WebServer.Content content = new WebServer.Content(
                releases,
                readings,
                gateways,
                sessions,
                new Entrances(new TokenLogin(client.getConfiguration()), settings.owner(), oidc),
                settings.secure(),
                settings.clock());
        int port = settings.cookiePort() > 0
                ? settings.cookiePort()
                : settings.listen().getPort();
        try {
            this.web = WebServer.start(socket, port, content);
        } catch (IOException e) {
            closeParts();
            throw e;
        }
    }

    /**
     * Starts to serve. What it shows comes as the API tells it, which is asked for nothing before the address is ours.
     *
     * @param client follows Canaries, Runs and Events; stays open when the console ends
     * @throws IOException when it cannot listen
     */
    public static Console start(KubernetesClient client, ConsoleSettings settings) throws IOException {
        ServerSocketChannel socket = WebServer.bind(settings.listen());
        try {
            return new Console(client, settings, socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Serves another socket, too, which is closed with the console.
     *
     * @throws IOException when it cannot
     */
    public void alsoServe(ServerSocketChannel socket) throws IOException {
        web.alsoServe(socket);
    }

    /** Where it really listens. */
    public InetSocketAddress address() {
        return web.address();
    }

    @Override
    public void close() {
        web.close();
        closeParts();
    }

    private void closeParts() {
        sessions.close();
        oidc.ifPresent(OidcLogin::close);
        readings.close();
        gateways.close();
        releases.close();
    }
}
