package dev.linnet.controller.metrics.aws;

import dev.linnet.routing.Secret;
import java.time.Instant;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param keyId   shown with each request
 * @param key     signs it
 * @param session goes with keys that expire
 * @param expires far in the future for keys that do not
 */
public record AwsIdentity(String keyId, Secret<String> key, Optional<Secret<String>> session, Instant expires) {}
