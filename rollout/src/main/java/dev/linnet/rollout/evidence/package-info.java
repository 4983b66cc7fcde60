/** What is known when a decision is made: facts of the world, and answers to the questions that the last decision asked. */
@NullMarked
package dev.linnet.rollout.evidence;

import org.jspecify.annotations.NullMarked;
