/** What the author of a Canary asked for, as checked values. */
@NullMarked
package dev.linnet.rollout.plan;

import org.jspecify.annotations.NullMarked;
