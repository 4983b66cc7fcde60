/** The HorizontalPodAutoscaler controller. */
@NullMarked
package dev.linnet.machine.autoscaling;

import org.jspecify.annotations.NullMarked;
