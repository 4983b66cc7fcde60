/** Two services of which one calls the other: what releases inside a cluster are tried on. */
@NullMarked
package dev.linnet.samples.mesh;

import org.jspecify.annotations.NullMarked;
