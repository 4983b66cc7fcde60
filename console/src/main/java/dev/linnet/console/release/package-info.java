/** A release as a person reads it. Pure. */
@NullMarked
package dev.linnet.console.release;

import org.jspecify.annotations.NullMarked;
