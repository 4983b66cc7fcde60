/** Tells people what happened, as Kubernetes Events. */
@NullMarked
package dev.linnet.machine.event;

import org.jspecify.annotations.NullMarked;
