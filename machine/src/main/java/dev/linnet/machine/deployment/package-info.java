/** The Deployment controller. {@code Rollout} decides, {@code DeploymentController} does. */
@NullMarked
package dev.linnet.machine.deployment;

import org.jspecify.annotations.NullMarked;
