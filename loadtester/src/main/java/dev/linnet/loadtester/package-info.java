/**
 * The receiver of a release's webhooks: gates that a person opens, tests that must pass, and load. It answers what Flagger's loadtester
 * (0.38) answers.
 */
@NullMarked
package dev.linnet.loadtester;

import org.jspecify.annotations.NullMarked;
