/** Who looks, and what they may. */
@NullMarked
package dev.linnet.console.access;

import org.jspecify.annotations.NullMarked;
