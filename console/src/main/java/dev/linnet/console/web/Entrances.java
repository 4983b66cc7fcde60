package dev.linnet.console.web;

import dev.linnet.console.access.Owner;
import dev.linnet.console.access.TokenLogin;
import dev.linnet.console.oidc.OidcLogin;
import java.util.Optional;

/**
 * The ways in.
 *
 * @param tokens for whoever has a token of the cluster
 * @param owner  who comes in by a link; only where the console listens on loopback
 * @param oidc   for whom a provider knows
 */
public record Entrances(TokenLogin tokens, Optional<Owner> owner, Optional<OidcLogin> oidc) {}
