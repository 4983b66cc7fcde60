/** What should this release do next, and is it healthy? Pure: no clocks, no randomness, no Kubernetes. */
@NullMarked
package dev.linnet.rollout;

import org.jspecify.annotations.NullMarked;
