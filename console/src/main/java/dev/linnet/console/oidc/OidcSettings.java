package dev.linnet.console.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where people sign in, and as what the console is known there.
 *
 * @param issuer       as it calls itself; the cluster's API trusts it, too (kube-apiserver's {@code --oidc-issuer-url})
 * @param clientId     the console's name there, and the audience that the API expects ({@code --oidc-client-id})
 * @param clientSecret a file; without one the console is a public client
 * @param scopes       {@code openid} and what makes the provider tell what the API asks for
 * @param console      where browsers come
 */
public record OidcSettings(URI issuer, String clientId, Optional<Path> clientSecret, List<String> scopes, URI console) {
    /** Where the provider sends browsers back to, below the console's address. */
    public static final String RETURN = "/login/oidc/return";

    public OidcSettings {
        scopes = List.copyOf(scopes);
        safe("the OpenID Connect issuer", issuer);
        safe("the console's own address", console);
        if (clientId.isBlank()) {
            throw new IllegalArgumentException("the OpenID Connect client has no name (expected: --oidc-client-id)");
        }
        if (!scopes.contains("openid")) {
            throw new IllegalArgumentException("scopes are " + scopes + " (expected: openid among them)");
        }
    }

    /**
     * Nobody on the way may read or change what is sent there.
     *
     * @throws IllegalArgumentException if somebody could
     */
    static URI safe(String what, URI address) {
        String scheme = String.valueOf(address.getScheme());
        String host = String.valueOf(address.getHost());
        boolean here = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]+){3}");
        if (address.getHost() == null || !(scheme.equals("https") || (scheme.equals("http") && here))) {
            throw new IllegalArgumentException(what + " is " + address + " (expected: https://…)");
        }
        return address;
    }

    URI returnAddress() {
        return URI.create(withoutSlash(console) + RETURN);
    }

    /** To put a path behind it. */
    static String withoutSlash(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
