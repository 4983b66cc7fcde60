package dev.linnet.controller.tell;

import dev.linnet.routing.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * Whom alerts are told.
 *
 * @param name    how logs and Events call it
 * @param address of its webhook
 * @param token   sent with each alert
 * @param proxy   that it is called through
 * @param channel where there
 * @param user    in whose name
 */
public record AlertReceiver(
        String name,
        AlertForm form,
        Secret<URI> address,
        Optional<Secret<String>> token,
        Optional<URI> proxy,
        String channel,
        String user) {}
