/** Is this version healthy? Numbers against ranges, and two versions against each other. */
@NullMarked
package dev.linnet.rollout.judge;

import org.jspecify.annotations.NullMarked;
