/** Who calls whom, as a picture. Pure. */
@NullMarked
package dev.linnet.console.graph;

import org.jspecify.annotations.NullMarked;
