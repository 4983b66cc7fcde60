/** The sample podinfo. Start reading at Podinfo. */
@NullMarked
package dev.linnet.samples.podinfo;

import org.jspecify.annotations.NullMarked;
