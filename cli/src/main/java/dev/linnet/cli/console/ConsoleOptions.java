package dev.linnet.cli.console;

import dev.linnet.cli.HostPort;
import dev.linnet.console.ConsoleSettings;
import dev.linnet.console.access.Owner;
import dev.linnet.console.traffic.Gateways;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code linnet console} takes. */
public final class ConsoleOptions {

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9080",
            converter = HostPort.class,
            description = "Where browsers come (default: ${DEFAULT-VALUE}; port 0: any free one).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private InetSocketAddress listen;

    @Option(
            names = "--mesh-provider",
            paramLabel = "NAME",
            defaultValue = "nginx",
            description =
                    "As the controller's: who routes for Canaries that name no provider (default: ${DEFAULT-VALUE}).")
    private String provider = "nginx";

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            split = ",",
            description =
                    "Gateways whose numbers are shown beside those of Service linnet-system/linnet-gateway-metrics.")
    private List<URI> gateways = List.of();

    @Option(
            names = "--secure-cookies",
            description = "Browsers come over TLS, which something in front of the console ends.")
    private boolean secure;

    @Option(
            names = "--numbers-token",
            paramLabel = "FILE",
            description =
                    "A token with the audience linnet.dev/numbers, for gateways inside the cluster (in deploy/console.yaml: of the Pod).")
    private Optional<Path> numbersToken = Optional.empty();

    @Mixin
    private final OidcOptions oidc = new OidcOptions();

    public InetSocketAddress listen() {
        return listen;
    }

    /**
     * What they come to.
     *
     * @param address    where it really listens
     * @param cookiePort by which browsers know it; 0 for that of the address
     * @param owner      who comes in by a link
     */
    public ConsoleSettings settings(InetSocketAddress address, int cookiePort, Optional<Owner> owner) {
        return new ConsoleSettings(
                address,
                cookiePort,
                new Gateways.Where("linnet-system", gateways, numbersToken),
                owner,
                oidc.settings(),
                secure,
                provider,
                InstantSource.system());
    }
}
