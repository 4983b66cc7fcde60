package dev.linnet.cli.console;

import dev.linnet.cli.UserError;
import dev.linnet.console.oidc.OidcSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Signing in with a provider that the cluster's API trusts, too. */
final class OidcOptions {

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description =
                    "People sign in with this OpenID Connect provider; the API must trust it (kube-apiserver --oidc-issuer-url).")
    private Optional<URI> issuer = Optional.empty();

    @Option(
            names = "--oidc-client-id",
            paramLabel = "ID",
            defaultValue = "linnet",
            description =
                    "The console's name there, as in kube-apiserver --oidc-client-id (default: ${DEFAULT-VALUE}).")
    private String client = "linnet";

    @Option(
            names = "--oidc-client-secret-file",
            paramLabel = "FILE",
            description = "The console's secret there, unless it is a public client.")
    private Optional<Path> secret = Optional.empty();

    @Option(
            names = "--oidc-scopes",
            paramLabel = "SCOPE",
            split = ",",
            defaultValue = "openid,email",
            description =
                    "What is asked for; offline_access keeps people in beyond the life of one token (default: ${DEFAULT-VALUE}).")
    private List<String> scopes = List.of("openid", "email");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where browsers come: the provider sends them back to URL" + OidcSettings.RETURN + ".")
    private Optional<URI> url = Optional.empty();

    /** @throws UserError if they are not fit for each other */
    Optional<OidcSettings> settings() {
        if (issuer.isEmpty()) {
            return Optional.empty();
        }
        URI console = url.orElseThrow(() -> new UserError(
                "with --oidc-issuer the console must know where browsers come (expected: --url https://…)"));
        try {
            return Optional.of(new OidcSettings(issuer.get(), client, secret, scopes, console));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }
}
