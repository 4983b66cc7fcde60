/** How far a release has come. */
@NullMarked
package dev.linnet.rollout.run;

import org.jspecify.annotations.NullMarked;
