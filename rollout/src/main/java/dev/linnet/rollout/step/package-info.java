/** What a decision can be: a question, or acts in order. */
@NullMarked
package dev.linnet.rollout.step;

import org.jspecify.annotations.NullMarked;
