/** Signing in with an OpenID Connect provider: authorization code with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9700). */
@NullMarked
package dev.linnet.console.oidc;

import org.jspecify.annotations.NullMarked;
