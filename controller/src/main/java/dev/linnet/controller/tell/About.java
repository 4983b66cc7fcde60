package dev.linnet.controller.tell;

import dev.linnet.controller.api.Canary;
import dev.linnet.manifests.flagger.CanaryPlan;

/**
 * What a message is about.
 *
 * @param checksum identifies what is tried out
 */
public record About(Canary canary, CanaryPlan plan, String checksum) {}
